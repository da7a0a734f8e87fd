using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>A query whose answer is one number that an index can count without reading records.</summary>
/// <remarks>
/// <c>[{$filter: …}, {$reduce: {$count: …}}]</c>, where the filter only requires exact values of fields. As with every
/// $reduce, a count of no records gives no result instead of 0.
/// </remarks>
public sealed class CountShape
{
    private CountShape(IReadOnlyDictionary<FieldPath, IReadOnlyList<JsValue>> exact)
    {
        Exact = exact;
    }

    /// <summary>
    /// The filtered fields, each with its allowed values, ascending; no field means all records.
    /// </summary>
    public IReadOnlyDictionary<FieldPath, IReadOnlyList<JsValue>> Exact { get; }

    /// <summary>The shape of a query, or null if it has another form.</summary>
    /// <exception cref="QueryException">The last stage is not a rule.</exception>
    public static CountShape? Of(JsArray query)
    {
        JsValue[] stages = [.. query.Where(stage => stage.IsTruthy)];
        if (stages.Length == 0 || !IsCount(stages[^1])) return null;
        if (stages.SkipLast(1).Any(stage => !FilterFacts.IsFilter(stage))) return null;
        FilterFacts facts = FilterFacts.Of(query);
        if (!facts.IsComplete) return null;
        var exact = new Dictionary<FieldPath, IReadOnlyList<JsValue>>();
        foreach ((FieldPath field, KeySet keys) in facts.Fields)
        {
            if (keys.Points is not { } points || keys.Contains(JsValue.Undefined)) return null;
            exact.Add(field, points);
        }

        return new CountShape(exact);
    }

    /// <summary>True if the first fields of an index are exactly the filtered fields.</summary>
    public bool IsCoveredBy(IndexDefinition index) =>
        index.Fields.Count >= Exact.Count && index.Fields.Take(Exact.Count).All(field => Exact.ContainsKey(field));

    private static bool IsCount(in JsValue stage) =>
        stage.IsObject && stage.AsObject.Count > 0 && stage.AsObject.At(0).Key == "$reduce"
        && RuleCompiler.Make(stage) is CountReducer;
}
