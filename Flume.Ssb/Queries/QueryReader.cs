using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>Reads the entries of a plan, in its order, from one snapshot.</summary>
/// <remarks>
/// It uses the first applicable source: postings in index order, a candidate scan sorted by the index's fields, or the
/// log. Each source yields a superset of the results. Postings are found by fingerprint, so each entry is checked
/// against the plan's facts.
/// </remarks>
internal sealed class QueryReader(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
{
    private const int SortedMax = 2_000_000;

    /// <summary>The number of records to read in log order before counting the records of other indexes.</summary>
    private const int QuickMax = 512;

    /// <summary>
    /// True if the stages filter everything that the index bounds. Only array bounds are outside the stages.
    /// </summary>
    private readonly bool _filtersAll = plan.Options.Query.IsArray
        && !plan.Gte.Any(bound => bound.IsArray) && !plan.Lte.Any(bound => bound.IsArray);

    /// <summary>The entries for the query stages.</summary>
    internal IEnumerable<JsValue> Items()
    {
        if (plan.Facts.IsNever) return [];
        if (plan.Index is null) return InLogOrder();
        return model.InOrder(plan) is { } parts ? InIndexOrder(parts) : SortedByIndex();
    }

    /// <summary>True if an entry can pass the filter and has every field of the plan's index.</summary>
    internal static bool Matches(QueryPlan plan, JsValue entry) => plan.Facts.Hold(entry) && HasKey(plan, entry);

    private static bool HasKey(QueryPlan plan, JsValue entry)
    {
        if (plan.Index is null) return true;
        for (int i = 0; i < plan.Index.Fields.Count; i++)
        {
            if (!IsKey(plan.Index.Fields[i], entry)) return false;
        }
        return plan.Options.Query.IsArray || IsBetweenBounds(plan, entry);
    }

    /// <summary>
    /// True if an entry can pass the stages and is within the array bounds, which are stricter than the stages.
    /// </summary>
    private bool IsBounded(JsValue entry)
    {
        if (!plan.Options.Query.IsArray) return Matches(plan, entry);
        for (int i = 0; i < plan.Index!.Fields.Count; i++)
        {
            FieldPath field = plan.Index.Fields[i];
            bool isArray = plan.Gte.At(i).IsArray || plan.Lte.At(i).IsArray;
            if (isArray && !plan.Facts[field].Contains(field.Read(entry))) return false;
        }
        return HasKey(plan, entry);
    }

    /// <summary>
    /// An object query does not filter. It selects the range between its bounds, over all fields together.
    /// </summary>
    private static bool IsBetweenBounds(QueryPlan plan, JsValue entry)
    {
        int fields = plan.Index!.Fields.Count;
        ReadOnlySpan<byte> key = KeyOf(plan.Index, entry);
        return key.SequenceCompareTo(CharwiseKey.Of([.. plan.Gte.Take(fields)])) >= 0
            && key.SequenceCompareTo(CharwiseKey.Of([.. plan.Lte.Take(fields)])) <= 0;
    }

    /// <summary>
    /// A field is part of an index key if it exists and is not an object. JavaScript also accepts a missing rts.
    /// </summary>
    private static bool IsKey(FieldPath field, JsValue entry)
    {
        JsValue value = field.Read(entry);
        return value.IsUndefined ? field.MayBeUndefined : !value.IsObject;
    }

    private IEnumerable<JsValue> InIndexOrder(List<KeyRanges.Part> parts)
    {
        bool reverse = plan.Options.Reverse;
        for (int i = 0; i < parts.Count; i++)
        {
            foreach (JsValue item in InIndexOrder(parts[reverse ? parts.Count - 1 - i : i], reverse)) yield return item;
        }
    }

    /// <summary>
    /// Numeric keys are exactly ordered. Other keys are ordered by prefix only, so entries with equal sort keys are
    /// sorted here.
    /// </summary>
    private IEnumerable<JsValue> InIndexOrder(KeyRanges.Part part, bool reverse)
    {
        MessageReader reader = new(call.Identity);
        List<SortedEntry> rough = [];
        ulong shared = 0;
        using PostingCursor cursor = read.Rows.Read(part.Index, part.Range, reverse);
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            Posting posting = cursor.Current;
            bool isNumber = !model.IsCoarse && SortKey.IsNumber(posting.B);
            if (rough.Count > 0 && (isNumber || (model.IsCoarse && posting.B != shared)))
            {
                foreach (JsValue item in Sorted(rough)) yield return item;
                rough.Clear();
            }
            shared = posting.B;
            foreach (JsValue entry in model.Entries(plan, reader, part.Start, posting))
            {
                // A numeric key and its leading fields are exact. The stages filter the rest.
                bool belongs = model.IsCoarse ? IsBounded(entry) : (isNumber && _filtersAll) || Matches(plan, entry);
                if (!belongs) continue;
                if (isNumber) yield return entry;
                else Hold(rough, entry, posting.Offset);
            }
        }
        foreach (JsValue item in Sorted(rough)) yield return item;
    }

    private IEnumerable<JsValue> SortedByIndex()
    {
        List<SortedEntry> entries = [];
        foreach ((Offset offset, JsValue message) in CandidateScan().Read())
        {
            foreach (JsValue entry in model.Matching(message, plan))
            {
                if (Matches(plan, entry)) Hold(entries, entry, offset.Value);
            }
        }
        return Sorted(entries);
    }

    private void Hold(List<SortedEntry> entries, JsValue entry, long offset)
    {
        if (entries.Count == SortedMax)
            throw new QueryLimitException(
                $"The query would sort more than {SortedMax} entries by the index {plan.Index!.Key}. "
                + "Ask for exact values of the index's first fields, or for a shorter range.");
        entries.Add(new SortedEntry([], offset, entry));
    }

    /// <summary>Sorts by the index key. Entries of one record with the same key are merged.</summary>
    private IEnumerable<JsValue> Sorted(List<SortedEntry> entries)
    {
        if (entries.Count > 1) Sort(entries);
        for (int i = 0; i < entries.Count; i++)
        {
            if (i == 0 || entries[i].CompareTo(entries[i - 1]) != 0) yield return entries[i].Entry;
        }
    }

    private void Sort(List<SortedEntry> entries)
    {
        for (int i = 0; i < entries.Count; i++)
            entries[i] = entries[i] with { Key = KeyOf(plan.Index!, entries[i].Entry) };
        entries.Sort();
        if (plan.Options.Reverse) entries.Reverse();
    }

    private static byte[] KeyOf(IndexDefinition index, JsValue entry) =>
        CharwiseKey.Of(Fields(index, entry));

    private static JsValue[] Fields(IndexDefinition index, JsValue entry)
    {
        JsValue[] fields = new JsValue[index.Fields.Count];
        for (int i = 0; i < fields.Length; i++) fields[i] = index.Fields[i].Read(entry);
        return fields;
    }

    private IEnumerable<JsValue> InLogOrder()
    {
        Offset last = Offset.None;
        if (Queries.CandidateScan.StopsEarly(plan)
            && Queries.CandidateScan.InLogOrder(call, model, plan, read) is { } quick)
        {
            int left = QuickMax;
            foreach ((Offset offset, JsValue message) in quick.ReadInLogOrder(plan.Options.Reverse, last))
            {
                foreach (JsValue entry in Matching(message)) yield return entry;
                last = offset;
                if (--left == 0) break;
            }
            if (left > 0) yield break;
        }
        foreach ((_, JsValue message) in CandidateScan().ReadInLogOrder(plan.Options.Reverse, last))
        {
            foreach (JsValue entry in Matching(message)) yield return entry;
        }
    }

    /// <summary>The entries of a message that the stages must filter.</summary>
    private IEnumerable<JsValue> Matching(JsValue message)
    {
        foreach (JsValue entry in model.Matching(message, plan))
        {
            if (_filtersAll ? HasKey(plan, entry) : Matches(plan, entry)) yield return entry;
        }
    }

    private CandidateScan CandidateScan() => Queries.CandidateScan.Choose(call, model, plan, read);

    /// <summary>An entry with its index key.</summary>
    private readonly record struct SortedEntry(byte[] Key, long Offset, JsValue Entry) : IComparable<SortedEntry>
    {
        public int CompareTo(SortedEntry other)
        {
            int order = Key.AsSpan().SequenceCompareTo(other.Key);
            return order != 0 ? order : Offset.CompareTo(other.Offset);
        }
    }
}
