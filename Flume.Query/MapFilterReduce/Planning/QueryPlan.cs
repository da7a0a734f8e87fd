using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The plan of a query: the records to read, their order, and the stages to run over them.</summary>
public sealed class QueryPlan
{
    private readonly JsArray? _stages;
    private readonly Lazy<QueryPipeline> _pipeline;
    private readonly Lazy<CountShape?> _count;

    internal QueryPlan(QueryOptions options, IndexDialect dialect, JsArray? stages)
    {
        Options = options;
        Dialect = dialect;
        _stages = stages;
        _pipeline = new(() => _stages is null ? QueryPipeline.Everything : QueryPipeline.Compile(_stages));
        _count = new(() => _stages is null ? null : CountShape.Of(_stages));
    }

    /// <summary>The options of the request.</summary>
    public QueryOptions Options { get; }

    /// <summary>The module whose rules chose the index.</summary>
    public IndexDialect Dialect { get; }

    /// <summary>
    /// The index that orders the results, by JavaScript's choice; null for the order of the log.
    /// </summary>
    public IndexDefinition? Index { get; internal init; }

    /// <summary>True if <c>$sort</c> or the option <c>index</c> named the index.</summary>
    public bool IsForced { get; internal init; }

    /// <summary>JavaScript's score of each candidate index, in their order.</summary>
    public JsObject Scores { get; internal init; } = new();

    /// <summary>The lower bound of each field of <see cref="Index"/> in JavaScript's form, inclusive.</summary>
    public JsArray Gte { get; internal init; } = new();

    /// <summary>The upper bound of each field, inclusive.</summary>
    public JsArray Lte { get; internal init; } = new();

    /// <summary>The filters' conditions on the fields; for a query that is an object, its range.</summary>
    public FilterFacts Facts { get; internal init; } = FilterFacts.None;

    /// <summary>The access to <see cref="Index"/>; null if there is none.</summary>
    public IndexAccess? Access { get; internal init; }

    /// <summary>
    /// The index to read where JavaScript would scan the log for a filter: an index with all records that can pass. It
    /// must contain every record that has the fields up to the last one named here. Null if there is none.
    /// </summary>
    public IndexAccess? Alternative { get; internal init; }

    /// <summary>The shape of a count by exact fields; null if the query is not such a count.</summary>
    /// <exception cref="QueryException">A stage is invalid.</exception>
    public CountShape? Count => _count.Value;

    /// <summary>
    /// The stages to run over the records; they repeat the filters of the access. Compiled at the first use, so that a
    /// query with errors can be explained, as in JavaScript.
    /// </summary>
    /// <exception cref="QueryException">A stage is invalid, or contains an invalid rule.</exception>
    public QueryPipeline Pipeline => _pipeline.Value;

    /// <summary>
    /// The plan in the form of JavaScript's <c>explain</c>. If it would scan and <paramref name="usesAlternative"/> is
    /// true, the member <c>flume</c> shows the index that is read instead.
    /// </summary>
    public JsObject Explain(bool usesAlternative = true)
    {
        JsObject shown = Dialect == IndexDialect.Links ? ExplainLinks()
            : Index is null ? ExplainScan()
            : ExplainIndex();
        if (usesAlternative && Alternative is not null) shown.Set("flume", Alternative.ToJs());
        return shown;
    }

    private JsObject ExplainIndex()
    {
        JsObject shown = new JsObject()
            .Set("gte", JsValue.From(Gte))
            .Set("lte", JsValue.From(Lte))
            .Set("reverse", JsValue.From(Options.Reverse))
            .Set("old", JsValue.From(Options.Old))
            .Set("live", JsValue.From(Options.Live));
        if (!Options.Sync.IsUndefined) shown.Set("sync", Options.Sync);
        return shown.Set("index", JsValue.From(Index!.Key)).Set("scores", JsValue.From(Scores));
    }

    private JsObject ExplainScan() => new JsObject()
        .Set("scan", JsValue.True)
        .Set("reverse", JsValue.From(Options.Reverse))
        .Set("live", JsValue.From(Options.Live))
        .Set("old", JsValue.From(Options.Old))
        .Set("sync", JsValue.From(Options.Sync.IsTruthy));

    private JsObject ExplainLinks() => Index is null ? new JsObject() : new JsObject().Set("index", JsValue.From(
        new JsObject().Set("key", JsValue.From(Index.Key)).Set("value", Index.FieldsToJs())));
}
