using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>
/// The order of a JavaScript flume index (charwise, docs/spec 3.1): null, false, true, numbers, strings by UTF-8 byte,
/// arrays item by item with the shorter first, undefined. In bounds, null means the start and undefined the end.
/// </summary>
/// <remarks>
/// A total order. Objects, which charwise cannot encode, are equal to one another and come between arrays and
/// undefined. NaN comes between the negative numbers and 0, as in charwise. -0 equals 0.
/// </remarks>
public sealed class CharwiseComparer : IComparer<JsValue>
{
    /// <summary>The single instance; it has no state.</summary>
    public static readonly CharwiseComparer Instance = new();

    private const int DepthMax = 500;

    private CharwiseComparer()
    {
    }

    /// <summary>
    /// Negative, zero or positive if <paramref name="x"/> comes before, equals or comes after <paramref name="y"/>.
    /// </summary>
    public int Compare(JsValue x, JsValue y) => Compare(x, y, 0);

    private static int Compare(in JsValue x, in JsValue y, int depth)
    {
        int byKind = Rank(x.Kind) - Rank(y.Kind);
        if (byKind != 0) return byKind;
        return x.Kind switch
        {
            JsKind.Boolean => x.AsBoolean.CompareTo(y.AsBoolean),
            JsKind.Number => Compare(x.AsNumber, y.AsNumber),
            JsKind.String => CompareText(x, y),
            JsKind.Array when depth < DepthMax => Compare(x.AsArray, y.AsArray, depth + 1),
            _ => 0,
        };
    }

    private static int Compare(JsArray x, JsArray y, int depth)
    {
        int both = Math.Min(x.Count, y.Count);
        for (int i = 0; i < both; i++)
        {
            int order = Compare(x[i], y[i], depth);
            if (order != 0) return order;
        }

        return x.Count.CompareTo(y.Count);
    }

    private static int Compare(double x, double y)
    {
        if (double.IsNaN(x)) return double.IsNaN(y) ? 0 : y < 0 ? 1 : -1;
        return double.IsNaN(y) ? -Compare(y, x) : x < y ? -1 : x > y ? 1 : 0;
    }

    private static int CompareText(in JsValue x, in JsValue y)
    {
        if (x.TryGetPlain(out ReadOnlySpan<byte> left) && y.TryGetPlain(out ReadOnlySpan<byte> right))
            return left.SequenceCompareTo(right);
        return CompareByCodePoint(x.AsString, y.AsString);
    }

    /// <summary>
    /// UTF-8 bytes have the order of code points; UTF-16 units differ for surrogates against U+E000 and above.
    /// </summary>
    private static int CompareByCodePoint(string x, string y)
    {
        int at = x.AsSpan().CommonPrefixLength(y);
        if (at == x.Length || at == y.Length) return x.Length.CompareTo(y.Length);
        if (char.IsSurrogate(x[at]) && y[at] >= '\uE000') return 1;
        if (char.IsSurrogate(y[at]) && x[at] >= '\uE000') return -1;
        return x[at].CompareTo(y[at]);
    }

    private static int Rank(JsKind kind) => kind switch
    {
        JsKind.Undefined => int.MaxValue,
        _ => (int)kind,
    };
}
