using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>
/// An index scan with a residual filter: reads the smallest known set of records that contains all results of a plan.
/// </summary>
/// <remarks>
/// An index is usable only if the facts bound all its fields, so that its records include every possible result. A log
/// scan is faster than reading more than half of the log through postings.
/// </remarks>
internal sealed class CandidateScan
{
    private readonly ApiCall _call;
    private readonly ViewRead _read;
    private readonly List<KeyRanges.Part>? _parts;
    private readonly bool _inLogOrder;

    private CandidateScan(ApiCall call, QueryModel model, ViewRead read, Candidate? chosen)
    {
        _call = call;
        _read = read;
        _parts = chosen?.Parts;
        _inLogOrder = chosen?.InLogOrder ?? false;
        Access = chosen?.Access;
        if (chosen is null && model.Everything is { } all) _parts = [new KeyRanges.Part(all.Index, all.Range, [])];
    }

    private sealed record Candidate(IndexAccess Access, List<KeyRanges.Part> Parts, long Count, bool InLogOrder);

    /// <summary>The index to scan, or null for the log.</summary>
    internal IndexAccess? Access { get; }

    /// <summary>Chooses the cheapest scan for a plan.</summary>
    internal static CandidateScan Choose(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
    {
        Candidate? best = null, bestInOrder = null;
        foreach (IndexDefinition index in model.LogOrdered.Concat(model.Lookups).Concat(model.Indexes))
        {
            bool inLogOrder = model.LogOrdered.Contains(index);
            bool isExact = inLogOrder || model.Lookups.Contains(index);
            if (Parts(model, plan, index, isExact) is not ({ } access, { } parts)) continue;
            Candidate candidate = new(access, parts, CountOf(read, parts), inLogOrder);
            if (best is null || candidate.Count < best.Count) best = candidate;
            if (inLogOrder && (bestInOrder is null || candidate.Count < bestInOrder.Count)) bestInOrder = candidate;
        }
        if (StopsEarly(plan) && bestInOrder is not null && best!.Count > 4096 && best.Count * 16 > bestInOrder.Count)
            best = bestInOrder;
        return new CandidateScan(call, model, read, best);
    }

    /// <summary>True if the plan can end after its first results.</summary>
    internal static bool StopsEarly(QueryPlan plan) =>
        plan.Options.ResultsMax < long.MaxValue && !plan.Pipeline.WaitsForEnd;

    /// <summary>
    /// Chooses an index in log order without counting. It suits most queries with a limit, which end after a few
    /// records. Null if there is none.
    /// </summary>
    internal static CandidateScan? InLogOrder(ApiCall call, QueryModel model, QueryPlan plan, ViewRead read)
    {
        CandidateScan? found = null;
        foreach (IndexDefinition index in model.LogOrdered)
        {
            if (Parts(model, plan, index, isExact: true) is ({ } access, { } parts))
                found = new CandidateScan(call, model, read, new Candidate(access, parts, 0, true));
        }
        return found;
    }

    /// <summary>The records, each once, in any order.</summary>
    internal IEnumerable<(Offset Offset, JsValue Message)> Read() => ReadInLogOrder(false, Offset.None);

    /// <summary>
    /// The records, each once, in log order or in reverse: all of them, or those after a given record.
    /// </summary>
    internal IEnumerable<(Offset Offset, JsValue Message)> ReadInLogOrder(bool reverse, Offset behind)
    {
        if (_parts is null) return WholeLog(reverse, behind);
        IEnumerable<long> offsets = _inLogOrder ? Merged(reverse) : Collected(reverse);
        return Messages(!behind.IsSome ? offsets
            : offsets.SkipWhile(offset => reverse ? offset >= behind.Value : offset <= behind.Value));
    }

    private static (IndexAccess Access, List<KeyRanges.Part>? Parts)? Parts(
        QueryModel model, QueryPlan plan, IndexDefinition index, bool isExact)
    {
        IndexAccess access = IndexAccess.Of(index, plan.Facts);
        if (IndexAccess.MissesObjects(index, plan.Facts, plan.Index)) return null;
        bool bounded = access.Starts.Count == 0
            || access.ExactFields + (access.Next is null ? 0 : 1) == index.Fields.Count;
        if (!bounded || (isExact && access.ExactFields < index.Fields.Count)) return null;
        return (access, isExact ? KeyRanges.Exact(model, access) : KeyRanges.Of(model, access));
    }

    private static long CountOf(ViewRead read, List<KeyRanges.Part> parts)
    {
        long count = 0;
        foreach (KeyRanges.Part part in parts) count += read.Rows.Count(part.Index, part.Range);
        return count;
    }

    private IEnumerable<(Offset Offset, JsValue Message)> Messages(IEnumerable<long> offsets)
    {
        MessageReader reader = new(_call.Identity);
        foreach (long at in offsets)
        {
            _call.Cancelled.ThrowIfCancellationRequested();
            Offset offset = new(at);
            if (reader.TryOpened(offset, out JsValue message)) yield return (offset, message);
        }
    }

    private List<long> Collected(bool reverse)
    {
        HashSet<long> distinct = [];
        foreach (KeyRanges.Part part in _parts!)
        {
            using PostingCursor cursor = _read.Rows.Read(part.Index, part.Range);
            while (cursor.MoveNext()) distinct.Add(cursor.Current.Offset);
        }
        List<long> offsets = [.. distinct];
        offsets.Sort();
        if (reverse) offsets.Reverse();
        return offsets;
    }

    /// <summary>Merges posting lists in log order, lazily.</summary>
    private IEnumerable<long> Merged(bool reverse)
    {
        PriorityQueue<PostingCursor, long> next = new();
        List<PostingCursor> cursors = [];
        try
        {
            foreach (KeyRanges.Part part in _parts!)
            {
                PostingCursor cursor = _read.Rows.Read(part.Index, part.Range, reverse);
                cursors.Add(cursor);
                if (cursor.MoveNext()) next.Enqueue(cursor, Rank(cursor, reverse));
            }
            long last = -1;
            while (next.TryDequeue(out PostingCursor? cursor, out _))
            {
                long offset = cursor.Current.Offset;
                if (cursor.MoveNext()) next.Enqueue(cursor, Rank(cursor, reverse));
                if (offset != last) yield return offset;
                last = offset;
            }
        }
        finally
        {
            foreach (PostingCursor cursor in cursors) cursor.Dispose();
        }
    }

    private static long Rank(PostingCursor cursor, bool reverse) =>
        reverse ? -cursor.Current.Offset : cursor.Current.Offset;

    private IEnumerable<(Offset Offset, JsValue Message)> WholeLog(bool reverse, Offset behind)
    {
        if (!_read.Since.IsSome) yield break;
        MessageReader reader = new(_call.Identity);
        LogRange range = new() { Lte = _read.Since, Reverse = reverse };
        if (behind.IsSome) range = reverse ? range with { Lte = null, Lt = behind } : range with { Gt = behind };
        LogCursor cursor = _call.Identity.Log.Read(range);
        while (cursor.MoveNext())
        {
            _call.Cancelled.ThrowIfCancellationRequested();
            Offset offset = cursor.Current.Offset;
            if (reader.TryOpened(offset, out JsValue message)) yield return (offset, message);
        }
    }
}
