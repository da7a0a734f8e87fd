using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>
/// The order of <c>$sort</c> and of groups (typewiselite): null, booleans, numbers, strings by UTF-16 unit, arrays item
/// by item, undefined. Objects have no order.
/// </summary>
/// <remarks>NaN equals itself and comes before all other numbers; JavaScript's order is inconsistent there.</remarks>
internal static class Typewise
{
    private const int DepthMax = 500;

    /// <summary>
    /// Negative, zero or positive if <paramref name="a"/> comes before, equals or comes after <paramref name="b"/>.
    /// </summary>
    /// <exception cref="QueryException">One value is an object, and no earlier difference orders the two.</exception>
    public static int Compare(in JsValue a, in JsValue b) => Compare(a, b, 0);

    /// <summary>True if the value contains an object or is nested too deep, so that it equals nothing.</summary>
    public static bool HasObject(in JsValue value, int depth = 0)
    {
        if (!value.IsArray || depth > DepthMax) return value.Kind >= JsKind.Array;
        foreach (JsValue item in value.AsArray)
            if (HasObject(item, depth + 1)) return true;
        return false;
    }

    private static int Compare(in JsValue a, in JsValue b, int depth)
    {
        int byKind = Rank(a.Kind) - Rank(b.Kind);
        if (byKind != 0) return byKind;
        return a.Kind switch
        {
            JsKind.Boolean => a.AsBoolean.CompareTo(b.AsBoolean),
            JsKind.Number => a.AsNumber.CompareTo(b.AsNumber),
            JsKind.String => string.CompareOrdinal(a.AsString, b.AsString),
            JsKind.Array => Compare(a.AsArray, b.AsArray, depth + 1),
            _ => 0,
        };
    }

    private static int Compare(JsArray a, JsArray b, int depth)
    {
        if (depth > DepthMax)
            throw new QueryException($"comparing arrays nested deeper than {DepthMax} is not supported");
        int both = Math.Min(a.Count, b.Count);
        for (int i = 0; i < both; i++)
        {
            int order = Compare(a[i], b[i], depth);
            if (order != 0) return order;
        }

        return a.Count.CompareTo(b.Count);
    }

    private static int Rank(JsKind kind) => kind switch
    {
        JsKind.Null => 0,
        JsKind.Boolean => 1,
        JsKind.Number => 2,
        JsKind.String => 4,
        JsKind.Array => 6,
        JsKind.Undefined => 7,
        _ => throw new QueryException("comparing objects or functions is not supported"),
    };
}
