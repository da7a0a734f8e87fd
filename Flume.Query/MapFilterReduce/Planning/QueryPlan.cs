using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>How a request for records is answered: what to read, in which order, and what to make of it.</summary>
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

    /// <summary>The request.</summary>
    public QueryOptions Options { get; }

    /// <summary>Whose rules chose the index.</summary>
    public IndexDialect Dialect { get; }

    /// <summary>
    /// The index whose order the results come in, as JavaScript chooses it; null for the order of the log.
    /// </summary>
    public IndexDefinition? Index { get; internal init; }

    /// <summary>True when <c>$sort</c> or the option <c>index</c> named the index.</summary>
    public bool IsForced { get; internal init; }

    /// <summary>JavaScript's score of each index that it considered, in their order.</summary>
    public JsObject Scores { get; internal init; } = new();

    /// <summary>The lower bound of each field of <see cref="Index"/> as JavaScript writes it, inclusive.</summary>
    public JsArray Gte { get; internal init; } = new();

    /// <summary>The upper bound of each field, inclusive.</summary>
    public JsArray Lte { get; internal init; } = new();

    /// <summary>What the filters require of the fields; of a query that is an object, what its range allows.</summary>
    public FilterFacts Facts { get; internal init; } = FilterFacts.None;

    /// <summary>How to read <see cref="Index"/>; null when there is none.</summary>
    public IndexAccess? Access { get; internal init; }

    /// <summary>
    /// Where JavaScript would scan the log for a filter: an index that holds all records that can pass, provided that
    /// it holds every record that has the fields up to the last one named here. Null when there is none.
    /// </summary>
    public IndexAccess? Alternative { get; internal init; }

    /// <summary>Not null when the answer is a count by exact fields.</summary>
    /// <exception cref="QueryException">A stage is none.</exception>
    public CountShape? Count => _count.Value;

    /// <summary>
    /// What to run over the records read; it filters again whatever the access has filtered. Compiled when first asked
    /// for, so that a query which cannot run can still be explained, as in JavaScript.
    /// </summary>
    /// <exception cref="QueryException">A stage is none, or holds a rule that is none.</exception>
    public QueryPipeline Pipeline => _pipeline.Value;

    /// <summary>
    /// The plan as JavaScript's <c>explain</c> prints it. When it would scan and <paramref name="usesAlternative"/>,
    /// the member <c>flume</c> tells what is read instead.
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
