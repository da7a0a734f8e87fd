using System.Buffers;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Folding;
using Flume.Query.MapFilterReduce;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view that a map-filter-reduce query declares.</summary>
/// <remarks>
/// The query sees messages as query.read gives them without an index: <c>{key, value, timestamp}</c>, private content
/// opened where the identity can.
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
    /// <exception cref="QueryException">Its query can't be kept up to date.</exception>
    public static DeclaredView Create(ViewDefinition definition, RegisteredLimits limits)
    {
        IncrementalQuery query = IncrementalQuery.Compile(JsValue.Parse(definition.Json)["query"].AsArray);
        return query.Fold is null ? new ItemsView(definition, query) : new GroupsView(definition, query, limits);
    }

    /// <inheritdoc/>
    public abstract void Apply(DecodedRecord message, RowSink rows);
}

/// <summary>A declared view without a <c>$reduce</c>: what comes of each record is a row, in log order.</summary>
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

/// <summary>A declared view with a <c>$reduce</c>: a row for each group, which later records change.</summary>
internal sealed class GroupsView(ViewDefinition definition, IncrementalQuery query, RegisteredLimits limits)
    : DeclaredView(definition, query), IReducingView
{
    /// <summary>What its rows may take.</summary>
    public RegisteredLimits Limits => limits;

    /// <inheritdoc/>
    public RowFold Over(IViewStore store) => new GroupsFold(this, store);

    /// <summary>Never called: groups are folded over a store.</summary>
    public override void Apply(DecodedRecord message, RowSink rows) =>
        throw new InvalidOperationException($"View '{Name}' is folded over its store.");

    /// <summary>The message, for code that keeps parts of it.</summary>
    internal static JsValue Kept(DecodedRecord message) => message.ToQueryValue(message.ToJsValue());
}
