using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;
using Flume.Primitives;

namespace Flume.Api.Queries;

/// <summary>Answers "how many" by counting postings, without reading a record, where some are exactly what the filter asks for.</summary>
/// <remarks>
/// Counting trusts fingerprints: two strings that share 64 bits would be counted together. A deleted record's postings stay
/// until the rebuild that follows every deletion is done: until then records are read.
/// </remarks>
internal static class CountAnswer
{
    private static readonly ulong LowestNumber = SortKey.Of(double.NegativeInfinity);
    private static readonly ulong HighestNumber = SortKey.Of(double.PositiveInfinity);

    /// <summary>The results of a query that counts; null when records have to be read for it.</summary>
    internal static IEnumerable<JsValue>? TryGive(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
    {
        if (plan.Options.Live || read.MayHoldDeleted || !model.CountsByPostings) return null;
        if (CountQuery.Of(plan) is not { } query || Parts(model, plan, out _) is not { } parts) return null;
        if (!AreNumbersAlone(read, parts)) return null;
        long count = 0;
        foreach (KeyRanges.Part part in parts) count += read.Rows.Count(part.Index, part.Range);
        if (count == 0) return [];
        return query.Group is null ? [JsValue.From((double)count)]
            : new GroupCounts(call, model, plan, read).TryCount(query, count);
    }

    /// <summary>The index whose postings answer a query that counts, for its explanation; null when none does.</summary>
    internal static IndexAccess? Explain(QueryModel model, QueryPlan plan) =>
        model.CountsByPostings && CountQuery.Of(plan) is not null && Parts(model, plan, out IndexAccess? access) is not null
            ? access : null;

    private static List<KeyRanges.Part>? Parts(QueryModel model, QueryPlan plan, out IndexAccess? access)
    {
        access = plan.Access;
        if (access is not null) return IsWhole(access, plan.Facts) ? KeyRanges.Of(model, access) : null;
        foreach (IndexDefinition index in model.LogOrdered)
        {
            access = IndexAccess.Of(index, plan.Facts);
            if (access.ExactFields == index.Fields.Count && IsWhole(access, plan.Facts))
                return KeyRanges.InLogOrder(model, access);
        }
        return null;
    }

    /// <summary>True when the access says all that the filter says. Arrays share a fingerprint, so they must be looked at.</summary>
    private static bool IsWhole(IndexAccess access, FilterFacts facts)
    {
        if (facts.Fields.Count == 0 || facts.Fields.Count != access.ExactFields + (access.Next is null ? 0 : 1)) return false;
        foreach (IReadOnlyList<JsValue> start in access.Starts)
        {
            foreach (JsValue value in start)
            {
                if (value.IsArray || value.IsObject || value.IsUndefined) return false;
            }
        }
        return true;
    }

    /// <summary>Sort keys are exact for numbers: a range that has anything else in it must be looked at.</summary>
    private static bool AreNumbersAlone(ViewRead read, List<KeyRanges.Part> parts)
    {
        foreach (KeyRanges.Part part in parts)
        {
            (ulong low, ulong high) = (part.Range.LowB, part.Range.HighB);
            bool isOpen = low == SortKey.Lowest && high == SortKey.Highest;
            if (isOpen) continue;
            if (low < LowestNumber && read.Rows.Count(part.Index, part.Range with { HighB = LowestNumber - 1 }) > 0) return false;
            if (read.Rows.Count(part.Index, part.Range with { LowB = SortKey.NaN, HighB = SortKey.NaN }) > 0) return false;
            if (high > HighestNumber && read.Rows.Count(part.Index, part.Range with { LowB = HighestNumber + 1 }) > 0) return false;
        }
        return true;
    }
}
