using System.Buffers;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view that a map-filter-reduce query declares.</summary>
/// <remarks>
/// The query receives messages in the form of query.read: <c>{key, value, timestamp}</c>. Private content is decrypted
/// if the identity has the key.
/// </remarks>
internal abstract class DeclaredView(ViewDefinition definition, IncrementalQuery query) : IRegisteredView
{
    /// <inheritdoc/>
    public string Name => Definition.Name;

    /// <inheritdoc/>
    public int Version => Definition.Version;

    /// <inheritdoc/>
    public ViewDefinition Definition { get; } = definition;

    /// <summary>The query.</summary>
    public IncrementalQuery Query { get; } = query;

    /// <summary>The view of a definition.</summary>
    /// <exception cref="QueryException">The query cannot be evaluated incrementally.</exception>
    public static DeclaredView Create(ViewDefinition definition, RegisteredLimits limits)
    {
        IncrementalQuery query = IncrementalQuery.Compile(JsValue.Parse(definition.Json)["query"].AsArray);
        return query.Fold is null ? new ItemsView(definition, query) : new GroupsView(definition, query, limits);
    }

    /// <inheritdoc/>
    public abstract void Apply(DecodedRecord message, RowSink rows);
}

/// <summary>A declared view without a <c>$reduce</c>. Each result of the query is a row, in log order.</summary>
internal sealed class ItemsView(ViewDefinition definition, IncrementalQuery query) : DeclaredView(definition, query)
{
    /// <inheritdoc/>
    public override void Apply(DecodedRecord message, RowSink rows)
    {
        PipelineRun run = Query.Before.Start();
        run.Push(message.ToQueryValue(JsValue.Parse(message.Payload)));
        if (!run.TryTake(out JsValue result) || result.IsUndefined) return;
        if (result.TryGetRaw(out ReadOnlyMemory<byte> raw))
        {
            rows.Put(RegisteredRows.ItemKey(rows.Offset), raw.Span);
            return;
        }
        ArrayBufferWriter<byte> json = new();
        result.WriteTo(json);
        rows.Put(RegisteredRows.ItemKey(rows.Offset), json.WrittenSpan);
    }
}

/// <summary>A declared view with a <c>$reduce</c>. It has one row per group, which later records update.</summary>
internal sealed class GroupsView(ViewDefinition definition, IncrementalQuery query, RegisteredLimits limits)
    : DeclaredView(definition, query), IReducingView
{
    /// <summary>The size limits of its rows.</summary>
    public RegisteredLimits Limits => limits;

    /// <inheritdoc/>
    public RowFold Over(IViewStore store) => new GroupsFold(this, store);

    /// <summary>Not supported: groups are folded over a store.</summary>
    public override void Apply(DecodedRecord message, RowSink rows) =>
        throw new InvalidOperationException($"View '{Name}' is folded over its store.");

    /// <summary>The message as a value that stays valid after the record.</summary>
    internal static JsValue Kept(DecodedRecord message) => message.ToQueryValue(message.ToJsValue());
}
