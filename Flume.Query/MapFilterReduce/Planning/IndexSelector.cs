using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// Chooses the index of a query by the rules of JavaScript's selectors, because the index determines the order of
/// results.
/// </summary>
/// <remarks>
/// The choice, its scores and its bounds are JavaScript's (docs/spec 4.6; deviations in docs/compatibility.md). <see
/// cref="FilterFacts"/> determines how the index is read, so that every passing record is read.
/// </remarks>
public sealed class IndexSelector(IReadOnlyList<IndexDefinition> indexes, IndexDialect dialect)
{
    /// <summary>
    /// Plans a request. Errors in the stages appear at the first use of <see cref="QueryPlan.Pipeline"/>.
    /// </summary>
    /// <exception cref="QueryException">An operator has an impossible argument, or the option names an unknown
    /// index.</exception>
    public QueryPlan Plan(QueryOptions options)
    {
        JsArray? stages = options.Query.IsArray ? options.Query.AsArray : null;
        JsValue filter = Filter(stages, options.Query);
        JsValue sort = stages is null ? JsValue.Undefined : stages.LastOrDefault(stage => stage.IsTruthy)["$sort"];
        bool isForced = options.Index is not null || sort.IsTruthy;
        var scores = new JsObject();
        IndexDefinition? index = options.Index is not null ? Named(options.Index)
            : sort.IsTruthy ? SortedBy(sort)
            : Best(filter, scores);
        if (dialect == IndexDialect.Links && options.Index is null && sort.IsTruthy) stages = WithoutLast(stages!);
        FilterFacts facts = stages is not null ? FilterFacts.Of(stages) : Range(index, filter);
        if (stages is not null && index is not null) facts = WithWholeArrays(facts, index, filter);
        (JsArray gte, JsArray lte) = index is null
            ? (new JsArray(), new JsArray())
            : IndexBounds.Of(filter, index, dialect == IndexDialect.Links || !index.IsExact);
        return new QueryPlan(options, dialect, stages)
        {
            Index = index,
            IsForced = isForced,
            Scores = scores,
            Gte = gte,
            Lte = lte,
            Facts = facts,
            Access = index is null ? null : IndexAccess.Of(index, facts),
            Alternative = index is null && stages is not null ? Alternative(facts) : null,
        };
    }

    private static JsValue Filter(JsArray? stages, in JsValue query)
    {
        if (stages is null) return query;
        JsValue filter = stages.FirstOrDefault(stage => stage.IsTruthy)["$filter"];
        return filter.IsTruthy ? filter : JsValue.From(new JsObject());
    }

    private static JsArray WithoutLast(JsArray stages)
    {
        JsValue[] kept = [.. stages.Where(stage => stage.IsTruthy)];
        return new JsArray(kept[..^1]);
    }

    private IndexDefinition Named(string key) =>
        indexes.FirstOrDefault(index => index.Key == key) ?? throw new QueryException($"Invalid index: {key}");

    private IndexDefinition? SortedBy(JsValue sort)
    {
        IndexDefinition? found = indexes.FirstOrDefault(index => index.IsOrderOf(sort));
        return found is null && dialect == IndexDialect.Links
            ? throw new QueryException($"could not sort by:{sort.ToJson()}")
            : found;
    }

    private IndexDefinition? Best(in JsValue filter, JsObject scores)
    {
        IndexDefinition? best = null;
        double most = 0;
        foreach (IndexDefinition index in indexes)
        {
            double score = Score(index, filter);
            if (score > 0) scores.Set(index.Key, JsValue.From(score));
            if (score <= most) continue;
            most = score;
            best = index;
        }

        return best;
    }

    /// <summary>
    /// From the left, for each mentioned field: the square of the score so far, plus the field's score.
    /// </summary>
    private double Score(IndexDefinition index, JsValue filter)
    {
        double score = 0;
        foreach (FieldPath field in index.Fields)
        {
            int rating = Rate(filter, field);
            if (rating == 0) break;
            score = (score * score) + rating;
        }

        return score;
    }

    private int Rate(in JsValue filter, FieldPath field)
    {
        if (!Exactness.TryGet(filter, field, out JsValue said)) return 0;
        int rating = Exactness.IsExact(said) ? 2 : Exactness.IsRange(said) ? 1 : 0;
        return dialect == IndexDialect.Links ? rating + 1 : rating;
    }

    /// <summary>
    /// A query that is an object does not filter: it returns the range of the index between its bounds.
    /// </summary>
    private static FilterFacts Range(IndexDefinition? index, JsValue query)
    {
        var fields = new List<KeyValuePair<FieldPath, KeySet>>();
        foreach (FieldPath field in index?.Fields ?? [])
        {
            (JsValue lower, JsValue upper) = IndexBounds.Of(query, field);
            if (lower.IsNull && upper.IsUndefined) break;
            var interval = new KeyInterval(lower, true, upper, !upper.IsUndefined || field.MayBeUndefined);
            if (interval.IsPoint || IsWhereKeysOrderAsValues(interval)) fields.Add(new(field, KeySet.Of([interval])));
            if (!interval.IsPoint) break;
        }

        return FilterFacts.Of(fields);
    }

    /// <summary>
    /// In a key a mark follows each text, so that "a b" comes before "a": only the bounds restrict texts.
    /// </summary>
    private static bool IsWhereKeysOrderAsValues(in KeyInterval interval) =>
        !interval.Lower.IsString && !interval.Lower.IsArray && !interval.Upper.IsString && !interval.Upper.IsArray;

    /// <summary>
    /// A filter passes arrays that start with its items. Through an index, JavaScript reads only the arrays between its
    /// bounds, and clients depend on this result of <c>rel: ['mentions']</c>.
    /// </summary>
    private static FilterFacts WithWholeArrays(FilterFacts facts, IndexDefinition index, JsValue filter)
    {
        foreach (FieldPath field in index.Fields)
        {
            (JsValue lower, JsValue upper) = IndexBounds.Of(filter, field);
            KeyInterval interval = new(lower, true, upper, true);
            if (lower.IsArray && upper.IsArray && Exactness.TryGet(filter, field, out JsValue said) && said.IsArray)
                facts = facts.And(field, KeySet.Of([interval]));
            // After a field with a range, the bounds of a key restrict no field.
            if (!interval.IsPoint) break;
        }

        return facts;
    }

    private IndexAccess? Alternative(FilterFacts facts) => facts.Fields.Count == 0 ? null : indexes
        .Select(index => IndexAccess.Of(index, facts))
        .Where(access => access.IsSelective)
        .MaxBy(access => access.Score);
}
