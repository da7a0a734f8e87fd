using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;

namespace Flume.Ssb.Queries;

/// <summary>
/// A counting query: filters, then <c>{$reduce: {$count: true}}</c>, optionally grouped by one field.
/// </summary>
/// <param name="Group">The field to group by; null for one total.</param>
/// <param name="Template">The object of <c>$reduce</c>. Its members determine the names and order in a result.</param>
internal sealed record CountQuery(FieldPath? Group, JsObject? Template)
{
    /// <summary>Recognizes a counting query; null for any other plan.</summary>
    internal static CountQuery? Of(QueryPlan plan)
    {
        if (!plan.Options.Query.IsArray || !plan.Facts.IsCompleteOnNumbers) return null;
        JsValue[] stages = [.. plan.Options.Query.AsArray.Where(stage => stage.IsTruthy)];
        if (stages.Length < 1 || stages[^1] is not { IsObject: true, AsObject.Count: 1 }) return null;
        for (int i = 0; i < stages.Length - 1; i++)
        {
            if (stages[i] is not { IsObject: true, AsObject.Count: 1 } || stages[i]["$filter"].IsUndefined) return null;
        }
        JsValue reduced = stages[^1]["$reduce"];
        return IsCount(reduced) ? new CountQuery(null, null) : Grouped(reduced);
    }

    /// <summary>A result with the group's value and its count, under the names of the query.</summary>
    internal JsValue Result(JsValue group, double count)
    {
        JsObject result = new();
        foreach ((string name, JsValue rule) in Template!)
            result.Set(name, IsCount(rule) ? JsValue.From(count) : group);
        return JsValue.From(result);
    }

    private static CountQuery? Grouped(JsValue reduced)
    {
        if (!reduced.IsObject || reduced.AsObject.Count != 2) return null;
        JsValue first = reduced.AsObject.At(0).Value, second = reduced.AsObject.At(1).Value;
        JsValue path = IsCount(first) ? second : first, count = IsCount(first) ? first : second;
        if (!IsCount(count) || !IsPath(path) || reduced.AsObject.Any(member => member.Key.StartsWith('$'))) return null;
        return new CountQuery(FieldPath.FromJs(path), reduced.AsObject);
    }

    private static bool IsCount(JsValue rule) =>
        rule is { IsObject: true, AsObject.Count: 1 } && rule["$count"] is { IsBoolean: true, AsBoolean: true };

    private static bool IsPath(JsValue path) =>
        path is { IsArray: true, AsArray.Count: > 0 } && path.AsArray.All(name => name.IsString);
}
