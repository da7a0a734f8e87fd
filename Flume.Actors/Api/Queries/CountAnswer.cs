using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;

namespace Flume.Api.Queries;

/// <summary>Answers "how many" by counting postings, without reading a record, where the filter asks for exact fields alone.</summary>
/// <remarks>
/// Counting trusts fingerprints: two strings that share 64 bits would be counted together. A deleted record's postings stay
/// until the rebuild that follows every deletion is done: until then records are read.
/// </remarks>
internal static class CountAnswer
{
    /// <summary>False when the plan is no such count; <paramref name="count"/> is undefined for a count of none.</summary>
    internal static bool TryGive(QueryModel model, QueryPlan plan, ViewRead read, out JsValue count)
    {
        count = JsValue.Undefined;
        if (!model.CountsByPostings || plan.Options.Live || read.Rebuilding is not null) return false;
        if (plan.Count is not { } shape || shape.Exact.Count == 0) return false;
        foreach (IndexDefinition index in model.LogOrdered)
        {
            if (index.Fields.Count != shape.Exact.Count || !shape.IsCoveredBy(index)) continue;
            IndexAccess access = IndexAccess.Of(index, plan.Facts);
            long total = 0;
            foreach (IReadOnlyList<JsValue> start in access.Starts)
            {
                if (!model.TryPlace(index, start, out PostingPlace place)) return false;
                total += read.Rows.Count(place.Index, place.Between(0, ulong.MaxValue));
            }
            if (total > 0) count = JsValue.From((double)total);
            return true;
        }
        return false;
    }
}
