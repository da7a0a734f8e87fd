using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads the items of a declared view without a <c>$reduce</c>, in log order.</summary>
internal sealed class ItemSource : RowSource
{
    /// <inheritdoc/>
    internal override void Check(ReadOptions options) => options.Offsets();

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options)
    {
        (Offset low, Offset high) = options.Offsets();
        return Items(rows, options, low, high);
    }

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since)
    {
        (Offset low, Offset high) = options.Offsets();
        return Items(rows, options with { Reverse = false }, new(Math.Max(low.Value, since.Value + 1)), high);
    }

    private static IEnumerable<JsValue> Items(IViewReader rows, ReadOptions options, Offset low, Offset high)
    {
        if (high < low) yield break;
        foreach ((byte[] key, byte[] json) in rows.Rows(
            RegisteredRows.ItemKey(low.Value), RegisteredRows.ItemKey(high.Value), options.Reverse))
        {
            JsValue value = JsValue.Parse(json);
            yield return !options.Seqs ? value : JsValue.From(new JsObject()
                .Set("seq", JsValue.From((double)RegisteredRows.OffsetOf(key.AsSpan(1)).Value)).Set("value", value));
        }
    }
}
