using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Queries;

namespace Flume.Ssb.Tests.Api.Properties;

/// <summary>
/// Answers a query without rows: all entries of all messages, sorted by JavaScript's index, pass through the stages.
/// </summary>
internal static class NaiveReads
{
    public static List<JsValue> Run(QueryModel model, IReadOnlyList<JsValue> messages, JsValue options)
    {
        QueryPlan plan = model.Selector.Plan(QueryOptions.FromJs(options));
        List<(byte[] Key, int Place, JsValue Entry)> entries = [];
        // A reverse scan reverses the messages, but not the entries of each.
        bool backwards = plan.Index is null && plan.Options.Reverse;
        for (int i = 0; i < messages.Count; i++)
        {
            int place = backwards ? messages.Count - 1 - i : i;
            foreach (JsValue entry in model.Entries(messages[place], plan.Index))
            {
                if (plan.Index is null) entries.Add(([], place, entry));
                else if (TryKey(plan, entry, out byte[] key)) entries.Add((key, place, entry));
            }
        }
        IEnumerable<JsValue> items = Ordered(entries, plan).Select(found => found.Entry);
        return [.. plan.Pipeline.Run(items, plan.Options.ResultsMax)];
    }

    private static IEnumerable<(byte[] Key, int Place, JsValue Entry)> Ordered(
        List<(byte[] Key, int Place, JsValue Entry)> entries, QueryPlan plan)
    {
        if (plan.Index is null) return entries;
        IEnumerable<(byte[] Key, int Place, JsValue Entry)> ordered = entries.OrderBy(entry => entry.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(entry => entry.Place)
            .DistinctBy(entry => (Convert.ToHexString(entry.Key), entry.Place));
        return plan.Options.Reverse ? ordered.Reverse() : ordered;
    }

    /// <summary>
    /// False for an entry without a key in the index, or outside the bounds if the query has only bounds.
    /// </summary>
    private static bool TryKey(QueryPlan plan, JsValue entry, out byte[] key)
    {
        JsValue[] fields = [.. plan.Index!.Fields.Select(field => field.Read(entry))];
        key = CharwiseKey.Of(fields);
        bool bounds = plan.Options.Query.IsArray;
        for (int i = 0; i < fields.Length; i++)
        {
            bool isRts = plan.Index.Fields[i].Length == 1 && plan.Index.Fields[i][0] == "rts";
            if (fields[i].IsObject || (fields[i].IsUndefined && !isRts)) return false;
            if (bounds && !IsBetween(fields[i], plan.Gte[i], plan.Lte[i])) return false;
            // A key is bounded as a whole. After a range, no further field is bounded.
            bounds = bounds && CharwiseComparer.Instance.Compare(plan.Gte[i], plan.Lte[i]) == 0;
        }
        if (plan.Options.Query.IsArray) return true;
        int count = fields.Length;
        return key.AsSpan().SequenceCompareTo(CharwiseKey.Of([.. plan.Gte.Take(count)])) >= 0
            && key.AsSpan().SequenceCompareTo(CharwiseKey.Of([.. plan.Lte.Take(count)])) <= 0;
    }

    /// <summary>
    /// Only array values of a filter are bounded, as in JavaScript. The stage filters everything else.
    /// </summary>
    private static bool IsBetween(JsValue field, JsValue low, JsValue high) => !low.IsArray || !high.IsArray
        || (CharwiseComparer.Instance.Compare(low, field) <= 0 && CharwiseComparer.Instance.Compare(field, high) <= 0);
}
