using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;

namespace Flume.Ssb.Queries;

/// <summary>
/// Answers counting queries from the number of postings without reading records, if an index matches the filter
/// exactly.
/// </summary>
/// <remarks>
/// Counting trusts fingerprints, so strings with equal 64-bit fingerprints count together. A deleted record's postings
/// stay until the rebuild after the deletion ends. Until then, counting reads the records.
/// </remarks>
internal static class CountAnswer
{
    private static readonly ulong LowestNumber = SortKey.Of(double.NegativeInfinity);
    private static readonly ulong HighestNumber = SortKey.Of(double.PositiveInfinity);

    /// <summary>The results of a counting query; null if it must read records.</summary>
    internal static IEnumerable<JsValue>? TryGive(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
    {
        if (plan.Options.Live || read.MayHoldDeleted || !model.CountsByPostings) return null;
        if (CountQuery.Of(plan) is not { } query) return null;
        if (Parts(model, plan, out IndexAccess? access) is not { } parts) return null;
        if (plan.Facts.Fields.Count == 0 && read.Checkpoint.Skipped > 0) return null;
        if (!AreNumbersAlone(read, parts, access!.Next is null)) return null;
        long count = 0;
        foreach (KeyRanges.Part part in parts) count += read.Rows.Count(part.Index, part.Range);
        if (count == 0) return [];
        return query.Group is null ? [JsValue.From((double)count)]
            : new GroupCounts(call, model, plan, read).TryCount(query, count);
    }

    /// <summary>The index that answers a counting query, for explain; null if none does.</summary>
    internal static IndexAccess? Explain(QueryModel model, QueryPlan plan) =>
        model.CountsByPostings && CountQuery.Of(plan) is not null
            && Parts(model, plan, out IndexAccess? access) is not null ? access : null;

    private static List<KeyRanges.Part>? Parts(QueryModel model, QueryPlan plan, out IndexAccess? access)
    {
        if (plan.Facts.Fields.Count == 0) return Everything(model, plan, out access);
        access = plan.Access;
        if (access is not null) return IsWhole(access, plan.Facts) ? KeyRanges.Of(model, access) : null;
        foreach (IndexDefinition index in model.LogOrdered)
        {
            access = IndexAccess.Of(index, plan.Facts);
            if (access.ExactFields == index.Fields.Count && IsWhole(access, plan.Facts))
                return KeyRanges.Exact(model, access);
        }
        return null;
    }

    /// <summary>Without a filter, counts the index that has all entries.</summary>
    private static List<KeyRanges.Part>? Everything(QueryModel model, QueryPlan plan, out IndexAccess? access)
    {
        IndexDefinition? all = model.Indexes.FirstOrDefault(index => index.Key == model.CountsAll);
        access = all is null || plan.Index is not null ? null : IndexAccess.Of(all, FilterFacts.None);
        return access is null ? null : KeyRanges.Of(model, access);
    }

    /// <summary>
    /// True if the access covers the whole filter. Arrays share a fingerprint, so they require reading the records.
    /// </summary>
    private static bool IsWhole(IndexAccess access, FilterFacts facts)
    {
        int used = access.ExactFields + (access.Next is null ? 0 : 1);
        if (used == 0 || facts.Fields.Count != used) return false;
        for (int i = 0; i < access.ExactFields; i++)
        {
            if (facts.IsLoose(access.Index.Fields[i])) return false;
        }
        foreach (IReadOnlyList<JsValue> start in access.Starts)
        {
            foreach (JsValue value in start)
            {
                if (value.IsArray || value.IsObject || value.IsUndefined) return false;
            }
        }
        return true;
    }

    /// <summary>Sort keys are exact only for numbers. A range with other values requires reading the records.</summary>
    private static bool AreNumbersAlone(ViewRead read, List<KeyRanges.Part> parts, bool mayBeOpen)
    {
        foreach (KeyRanges.Part part in parts)
        {
            (ulong low, ulong high) = (part.Range.LowB, part.Range.HighB);
            bool isOpen = mayBeOpen && low == SortKey.Lowest && high == SortKey.Highest;
            if (isOpen) continue;
            if (low < LowestNumber && Any(read, part, low, LowestNumber - 1)) return false;
            if (Any(read, part, SortKey.NaN, SortKey.NaN)) return false;
            if (high > HighestNumber && Any(read, part, HighestNumber + 1, high)) return false;
        }
        return true;
    }

    private static bool Any(ViewRead read, KeyRanges.Part part, ulong low, ulong high) =>
        read.Rows.Count(part.Index, part.Range with { LowB = low, HighB = high }) > 0;
}
