using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>A query whose answer is one number that an index can count without reading a record.</summary>
/// <remarks>
/// <c>[{$filter: …}, {$reduce: {$count: …}}]</c> where the filter asks for exact values of fields and nothing else. As
/// with every $reduce, a count of none is no result at all rather than 0.
/// </remarks>
public sealed class CountShape
{
    private CountShape(IReadOnlyDictionary<FieldPath, IReadOnlyList<JsValue>> exact)
    {
        Exact = exact;
    }

    /// <summary>
    /// The fields asked for, each with the values it may have, ascending; no field means all records.
    /// </summary>
    public IReadOnlyDictionary<FieldPath, IReadOnlyList<JsValue>> Exact { get; }

    /// <summary>The shape of a query, or null when it is another one.</summary>
    /// <exception cref="QueryException">Its last stage is no rule.</exception>
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

    /// <summary>True when the first fields of an index are exactly the fields asked for.</summary>
    public bool IsCoveredBy(IndexDefinition index) =>
        index.Fields.Count >= Exact.Count && index.Fields.Take(Exact.Count).All(field => Exact.ContainsKey(field));

    private static bool IsCount(in JsValue stage) =>
        stage.IsObject && stage.AsObject.Count > 0 && stage.AsObject.At(0).Key == "$reduce"
        && RuleCompiler.Make(stage) is CountReducer;
}
