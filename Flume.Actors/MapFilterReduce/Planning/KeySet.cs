using Flume.Codec.Json;

namespace Flume.MapFilterReduce.Planning;

/// <summary>The values from one to another, in index order.</summary>
/// <param name="Lower">The least of them, or what they are all above.</param>
/// <param name="LowerInclusive">Whether the least is among them.</param>
/// <param name="Upper">The greatest of them, or what they are all below.</param>
/// <param name="UpperInclusive">Whether the greatest is among them.</param>
public readonly record struct KeyInterval(JsValue Lower, bool LowerInclusive, JsValue Upper, bool UpperInclusive)
{
    /// <summary>The interval of one value.</summary>
    public static KeyInterval Point(in JsValue value) => new(value, true, value, true);

    /// <summary>True when it holds one value alone.</summary>
    public bool IsPoint => LowerInclusive && UpperInclusive && CharwiseComparer.Instance.Compare(Lower, Upper) == 0;

    /// <summary>True when no value can lie in it.</summary>
    public bool IsEmpty
    {
        get
        {
            int order = CharwiseComparer.Instance.Compare(Lower, Upper);
            return order > 0 || (order == 0 && !(LowerInclusive && UpperInclusive));
        }
    }

    /// <summary>True when a value lies in it.</summary>
    public bool Contains(in JsValue value)
    {
        int low = CharwiseComparer.Instance.Compare(Lower, value), high = CharwiseComparer.Instance.Compare(value, Upper);
        return (low < 0 || (low == 0 && LowerInclusive)) && (high < 0 || (high == 0 && UpperInclusive));
    }

    /// <summary>What lies in both.</summary>
    public KeyInterval Intersect(in KeyInterval other)
    {
        int low = CharwiseComparer.Instance.Compare(Lower, other.Lower);
        int high = CharwiseComparer.Instance.Compare(Upper, other.Upper);
        return new KeyInterval(
            low >= 0 ? Lower : other.Lower,
            low == 0 ? LowerInclusive && other.LowerInclusive : low > 0 ? LowerInclusive : other.LowerInclusive,
            high <= 0 ? Upper : other.Upper,
            high == 0 ? UpperInclusive && other.UpperInclusive : high < 0 ? UpperInclusive : other.UpperInclusive);
    }
}

/// <summary>A set of values of one field, as ascending intervals of index order (<see cref="CharwiseComparer"/>).</summary>
/// <remarks>1. No interval is empty. 2. They ascend and do not overlap. Undefined stands for a missing field.</remarks>
public sealed class KeySet
{
    /// <summary>All values, and no value.</summary>
    public static readonly KeySet Everything = new([new(JsValue.Null, true, JsValue.Undefined, true)]);

    /// <summary>No value.</summary>
    public static readonly KeySet Nothing = new([]);

    private KeySet(IReadOnlyList<KeyInterval> intervals)
    {
        Intervals = intervals;
    }

    /// <summary>The intervals, ascending.</summary>
    public IReadOnlyList<KeyInterval> Intervals { get; }

    /// <summary>True when nothing is in it.</summary>
    public bool IsEmpty => Intervals.Count == 0;

    /// <summary>The values, ascending, when it is finitely many single ones; else null.</summary>
    public IReadOnlyList<JsValue>? Points => Intervals.All(interval => interval.IsPoint)
        ? [.. Intervals.Select(interval => interval.Lower)]
        : null;

    /// <summary>The set of these intervals, in any order; overlapping ones are joined, empty ones dropped.</summary>
    public static KeySet Of(IEnumerable<KeyInterval> intervals)
    {
        var ascending = intervals.Where(interval => !interval.IsEmpty)
            .OrderBy(interval => interval.Lower, CharwiseComparer.Instance)
            .ThenByDescending(interval => interval.LowerInclusive);
        var joined = new List<KeyInterval>();
        foreach (KeyInterval next in ascending)
        {
            if (joined.Count > 0 && !joined[^1].Intersect(next).IsEmpty) joined[^1] = Join(joined[^1], next);
            else joined.Add(next);
        }

        return new KeySet(joined);
    }

    /// <summary>True when a value is in it.</summary>
    public bool Contains(in JsValue value)
    {
        foreach (KeyInterval interval in Intervals)
            if (interval.Contains(value)) return true;
        return false;
    }

    /// <summary>What is in both.</summary>
    public KeySet Intersect(KeySet other)
    {
        var both = new List<KeyInterval>();
        for (int i = 0, j = 0; i < Intervals.Count && j < other.Intervals.Count;)
        {
            KeyInterval a = Intervals[i], b = other.Intervals[j], common = a.Intersect(b);
            if (!common.IsEmpty) both.Add(common);
            int order = CharwiseComparer.Instance.Compare(a.Upper, b.Upper);
            if (order < 0 || (order == 0 && !a.UpperInclusive)) i++;
            else j++;
        }

        return new KeySet(both);
    }

    private static KeyInterval Join(in KeyInterval a, in KeyInterval b)
    {
        int order = CharwiseComparer.Instance.Compare(a.Upper, b.Upper);
        return order > 0 || (order == 0 && a.UpperInclusive)
            ? a
            : a with { Upper = b.Upper, UpperInclusive = b.UpperInclusive };
    }
}
