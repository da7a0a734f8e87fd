using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>Converts a plan's facts about index fields to ranges of postings.</summary>
internal static class KeyRanges
{
    /// <summary>Orders keys bytewise.</summary>
    internal static readonly Comparer<byte[]> KeyOrder =
        Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <summary>One range of postings and the exact leading fields that select it.</summary>
    internal readonly record struct Part(byte Index, PostingRange Range, IReadOnlyList<JsValue> Start);

    /// <summary>
    /// The ranges of an access in index order. Null if a field before the last one is a range: fingerprints have no
    /// order.
    /// </summary>
    internal static List<Part>? Of(QueryModel model, IndexAccess access)
    {
        int prefix = access.Index.Fields.Count - 1;
        if (access.Starts.Count > 0 && access.ExactFields < prefix) return null;
        List<Part> parts = [];
        foreach (IReadOnlyList<JsValue> start in access.Starts)
        {
            IReadOnlyList<JsValue> exact = start.Count > prefix ? [.. start.Take(prefix)] : start;
            if (!model.TryPlace(access.Index, exact, out PostingPlace place)) return null;
            foreach ((ulong low, ulong high) in SortKeys(start.Count > prefix ? start[prefix] : null, access.Next))
                parts.Add(new Part(place.Index, place.Between(low, high), exact));
        }
        return parts;
    }

    /// <summary>
    /// The ranges of an index that has all its fields in A, in any order; null if the view has no such rows.
    /// </summary>
    internal static List<Part>? Exact(QueryModel model, IndexAccess access)
    {
        List<Part> parts = [];
        foreach (IReadOnlyList<JsValue> start in access.Starts)
        {
            if (!model.TryPlace(access.Index, start, out PostingPlace place)) return null;
            parts.Add(new Part(place.Index, place.Between(0, ulong.MaxValue), start));
        }
        return parts;
    }

    /// <summary>The ranges of sort keys for a value or a set of values; everything if both are missing.</summary>
    private static IEnumerable<(ulong Low, ulong High)> SortKeys(JsValue? point, KeySet? set)
    {
        if (point is { } value) return [(Bounds.KeyOf(value), Bounds.KeyOf(value))];
        if (set is null) return [(SortKey.Lowest, SortKey.Highest)];
        List<(ulong Low, ulong High)> ranges = [];
        foreach (KeyInterval interval in set.Intervals)
        {
            (ulong low, ulong high) = (LowKey(interval), HighKey(interval));
            if (low > high) continue;
            if (ranges.Count > 0 && ranges[^1].High >= low)
                ranges[^1] = (ranges[^1].Low, Math.Max(high, ranges[^1].High));
            else ranges.Add((low, high));
        }
        return ranges;
    }

    private static ulong LowKey(KeyInterval interval)
    {
        if (interval.Lower.IsNull) return SortKey.Lowest;
        ulong key = Bounds.KeyOf(interval.Lower);
        return interval is { LowerInclusive: false, Lower.IsNumber: true } ? key + 1 : key;
    }

    private static ulong HighKey(KeyInterval interval)
    {
        if (interval.Upper.IsUndefined) return SortKey.Highest;
        ulong key = Bounds.KeyOf(interval.Upper);
        return interval is { UpperInclusive: false, Upper.IsNumber: true } ? key - 1 : key;
    }
}
