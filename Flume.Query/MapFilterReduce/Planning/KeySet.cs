using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// A set of values of one field, as ascending intervals of index order (<see cref="CharwiseComparer"/>).
/// </summary>
/// <remarks>1. No interval is empty. 2. They ascend and do not overlap. Undefined represents a missing field.</remarks>
public sealed class KeySet
{
    /// <summary>All values, and no value.</summary>
    public static readonly KeySet Everything = new([new(JsValue.Null, true, JsValue.Undefined, true)]);

    /// <summary>No value.</summary>
    public static readonly KeySet Nothing = new([]);

    /// <summary>All numbers: intersect with it for an index that contains only numbers, such as one of times.</summary>
    public static readonly KeySet Numbers = new([KeyInterval.Numbers]);

    private KeySet(IReadOnlyList<KeyInterval> intervals)
    {
        Intervals = intervals;
    }

    /// <summary>The intervals, ascending.</summary>
    public IReadOnlyList<KeyInterval> Intervals { get; }

    /// <summary>True if the set is empty.</summary>
    public bool IsEmpty => Intervals.Count == 0;

    /// <summary>The values, ascending, if the set is a finite number of single values; else null.</summary>
    public IReadOnlyList<JsValue>? Points => Intervals.All(interval => interval.IsPoint)
        ? [.. Intervals.Select(interval => interval.Lower)]
        : null;

    /// <summary>Creates the set of intervals in any order; overlapping ones are joined, empty ones dropped.</summary>
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

    /// <summary>True if the set contains a value.</summary>
    public bool Contains(in JsValue value)
    {
        for (int i = 0; i < Intervals.Count; i++)
        {
            if (Intervals[i].Contains(value)) return true;
        }

        return false;
    }

    /// <summary>The intersection with another set.</summary>
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
