using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads a declared view with a <c>$reduce</c>. The results come from the current groups.</summary>
internal sealed class GroupSource(GroupsView view) : RowSource
{
    private readonly IncrementalQuery _query = view.Query;

    /// <inheritdoc/>
    internal override void Check(ReadOptions options)
    {
        RefuseBounds(options, $"View '{view.Name}', which holds groups,");
        if (options.Live && _query.After.WaitsForEnd)
        {
            throw ApiException.Parameter(
                $"View '{view.Name}' can't be read live: behind its $reduce it sorts or reduces again, so every " +
                "change changes all. Read it again when it moved.");
        }
    }

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options)
    {
        IEnumerable<JsValue> results = _query.After.Run(_query.Fold!.Results(Groups(rows, Offset.None)));
        return options.Reverse ? results.Reverse() : results;
    }

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since) =>
        _query.After.Run(_query.Fold!.Results(Groups(rows, since)));

    private IEnumerable<(byte[] Key, Accumulator[] Group)> Groups(IViewReader rows, Offset changedAfter)
    {
        QueryLimits limits = new(HeldBytesMax: view.Limits.GroupBytesMax)
        {
            BytesKey = "flume.views.registered.group-bytes-max",
        };
        foreach ((byte[] key, byte[] value) in rows.Rows([RegisteredRows.Group]))
        {
            if (RegisteredRows.OffsetOf(value) <= changedAfter) continue;
            yield return (key[1..], _query.Fold!.Resume(value.AsSpan(RegisteredRows.OffsetBytes), limits));
        }
    }
}
