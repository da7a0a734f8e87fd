using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>Counts groups of one field where another field is exact, such as messages of a type per author.</summary>
/// <remarks>
/// A scan of an index over both fields counts each pair. A scan of the group field's index finds one record per group,
/// which gives its value. A record without the group's field has no pair. The result is therefore valid only if the
/// group counts sum to the total.
/// </remarks>
internal sealed class GroupCounts(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
{
    /// <summary>The groups in order; null if the query must read records.</summary>
    internal IEnumerable<JsValue>? TryCount(CountQuery query, long total)
    {
        if (plan.Facts.Fields.Count == 0) return CountAll(query, total);
        if (plan.Facts.Fields.Count != 1 || plan.Access is not { Starts: [[var exact]] }) return null;
        FieldPath group = query.Group!, filtered = plan.Facts.Fields.Keys.First();
        IndexDefinition? single = Single(group);
        IndexDefinition? pairs = model.Indexes.FirstOrDefault(index => IsPair(index, group, filtered));
        if (single is null || pairs is null || !model.TryPlace(single, [], out PostingPlace names)) return null;
        Dictionary<ulong, long> counts = Pairs(pairs);
        bool groupFirst = pairs.Fields[0].Equals(group);
        ulong fixedPrint = IndexKey.FingerprintOf(exact);
        List<(string Name, long Count)> found = [];
        foreach ((ulong print, Offset offset) in Firsts(names.Index))
        {
            ulong pair = groupFirst ? Fingerprint.Of(print, fixedPrint) : Fingerprint.Of(fixedPrint, print);
            if (!counts.TryGetValue(pair, out long count)) continue;
            if (!new MessageReader(call.Identity).TryOpened(offset, out JsValue message)) return null;
            JsValue name = group.Read(message);
            if (!name.IsString) return null;
            found.Add((name.AsString, count));
            total -= count;
        }
        if (total != 0) return null;
        found.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found.Select(item => query.Result(JsValue.From(item.Name), item.Count));
    }

    /// <summary>Counts all messages by a field. Messages without that field form the last group.</summary>
    private IEnumerable<JsValue>? CountAll(CountQuery query, long total)
    {
        FieldPath group = query.Group!;
        IndexDefinition? single = Single(group);
        if (single is null || !model.TryPlace(single, [], out PostingPlace names)) return null;
        Dictionary<ulong, long> counts = Counts(names.Index);
        List<(string Name, long Count)> found = [];
        foreach ((ulong print, Offset offset) in Firsts(names.Index))
        {
            if (!new MessageReader(call.Identity).TryOpened(offset, out JsValue message)) return null;
            JsValue name = group.Read(message);
            if (!name.IsString) return null;
            found.Add((name.AsString, counts[print]));
            total -= counts[print];
        }
        if (total < 0) return null;
        found.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        IEnumerable<JsValue> results = found.Select(item => query.Result(JsValue.From(item.Name), item.Count));
        return total == 0 ? results : results.Append(query.Result(JsValue.Undefined, total));
    }

    private IndexDefinition? Single(FieldPath group) =>
        model.LogOrdered.FirstOrDefault(index => index.Fields is [var field] && field.Equals(group));

    private static bool IsPair(IndexDefinition index, FieldPath group, FieldPath filtered) => index.Fields.Count > 2
        && ((index.Fields[0].Equals(group) && index.Fields[1].Equals(filtered))
            || (index.Fields[0].Equals(filtered) && index.Fields[1].Equals(group)));

    private Dictionary<ulong, long> Pairs(IndexDefinition pairs)
    {
        return model.TryPlace(pairs, [], out PostingPlace place) ? Counts(place.Index) : [];
    }

    /// <summary>The number of postings per fingerprint in an index.</summary>
    private Dictionary<ulong, long> Counts(byte index)
    {
        Dictionary<ulong, long> counts = [];
        using PostingCursor cursor = read.Rows.Read(index, PostingRange.All);
        ulong at = 0;
        long count = 0;
        while (cursor.MoveNext())
        {
            if (count > 0 && cursor.Current.A != at)
            {
                counts[at] = count;
                count = 0;
            }
            at = cursor.Current.A;
            count++;
        }
        if (count > 0) counts[at] = count;
        return counts;
    }

    private IEnumerable<(ulong Print, Offset Offset)> Firsts(byte index)
    {
        using PostingCursor cursor = read.Rows.Read(index, PostingRange.All);
        ulong? last = null;
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (cursor.Current.A == last) continue;
            last = cursor.Current.A;
            yield return (cursor.Current.A, new Offset(cursor.Current.Offset));
        }
    }
}
