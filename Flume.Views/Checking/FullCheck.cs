using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>
/// Compares all rows with all records: first checksums per section of the log, then the rows of sections that differ.
/// </summary>
internal sealed class FullCheck(ViewCheckTarget target, ViewCheckOptions options)
{
    /// <summary>
    /// The maximum number of sections compared row by row. It bounds the memory for a store with many errors.
    /// </summary>
    private const int StretchesMax = 64;

    private readonly Offset _since = target.Rows.Checkpoint.Since;
    private readonly Stretches _stretches = new(target.Rows.Checkpoint.Since);
    private readonly PlainFold _plain = new();
    private readonly DifferenceList _differences = new(options.ListedMax);
    private long _skipped;

    /// <summary>Runs the check and completes the report.</summary>
    public async Task<ViewCheckReport> RunAsync(ViewCheckReport report, CancellationToken cancel)
    {
        Checkpoint at = target.Rows.Checkpoint;
        long bytes = _since.IsSome ? target.Log.Next(_since).Value : 0;
        long rows = at.BasePostings + at.OverlayPostings;
        CheckPace pace = new(options, bytes + rows, cancel);
        (RowTally meant, long records) = await FoldAsync(pace).ConfigureAwait(false);
        (RowTally stored, long found) = await StoredAsync(pace).ConfigureAwait(false);
        List<(byte Index, int Stretch)> differing = meant.Differences(stored);
        int[] stretches = [.. differing.Select(one => one.Stretch).Distinct()];
        if (differing.Count > 0) await CompareRowsAsync(differing, stretches, pace).ConfigureAwait(false);
        long plain = _plain.Compare(target.Rows, _differences);
        return report with
        {
            Records = records,
            Rows = found + plain,
            Wrong = _differences.Count,
            Differences = _differences.Listed,
            MoreStretches = Math.Max(0, stretches.Length - StretchesMax),
            Faults = [.. Counters(at, found)],
        };
    }

    private async Task<(RowTally Rows, long Records)> FoldAsync(CheckPace pace)
    {
        RowTally all = new(_stretches);
        List<RowTally> parts = [];
        FoldScan scan = new(target.Log, target.Format, _since);
        long records = await scan.RunAsync(pace, () =>
        {
            RowTally part = new(_stretches);
            lock (parts) parts.Add(part);
            CheckSink sink = new();
            return message =>
            {
                if (!Apply(message, sink)) return;
                foreach (ref readonly IndexedPosting row in sink.TakePostings()) part.Add(row.Index, row.Posting);
                _plain.Add(sink);
            };
        }).ConfigureAwait(false);
        foreach (RowTally part in parts) all.Add(part);
        return (all, records);
    }

    private async Task<(RowTally Rows, long Found)> StoredAsync(CheckPace pace)
    {
        RowTally tally = new(_stretches);
        long found = 0;
        await pace.OneAsync((throttle, stop) => found = StoredRows.Walk(
            target.Rows, row => tally.Add(row.Index, row.Posting), (pace, throttle), stop)).ConfigureAwait(false);
        return (tally, found);
    }

    /// <summary>Collects the expected and the stored rows of the sections that differ, and compares them.</summary>
    private async Task CompareRowsAsync(List<(byte Index, int Stretch)> differing, int[] stretches, CheckPace pace)
    {
        HashSet<int> looked = [.. stretches.Take(StretchesMax)];
        HashSet<(byte, int)> places = [.. differing.Where(one => looked.Contains(one.Stretch))];
        List<IndexedPosting> meant = [], found = [];
        FoldScan scan = new(target.Log, target.Format, _since)
        {
            Wanted = offset => looked.Contains(_stretches.Of(offset)),
        };
        await scan.RunAsync(pace, () =>
        {
            CheckSink sink = new();
            return message =>
            {
                if (!ViewFold.Apply(target.View, message, sink)) return;
                ReadOnlySpan<IndexedPosting> rows = sink.TakePostings();
                lock (meant) Keep(rows, places, meant);
            };
        }).ConfigureAwait(false);
        await pace.OneAsync((throttle, stop) => StoredRows.Walk(
            target.Rows, row => Keep([row], places, found), (pace, throttle), stop)).ConfigureAwait(false);
        _differences.Compare(meant, found);
    }

    private void Keep(ReadOnlySpan<IndexedPosting> rows, HashSet<(byte, int)> places, List<IndexedPosting> into)
    {
        foreach (ref readonly IndexedPosting row in rows)
            if (places.Contains((row.Index, _stretches.Of(row.Posting.Offset)))) into.Add(row);
    }

    private bool Apply(DecodedRecord message, CheckSink sink)
    {
        if (ViewFold.Apply(target.View, message, sink)) return true;
        Interlocked.Increment(ref _skipped);
        return false;
    }

    private IEnumerable<string> Counters(Checkpoint at, long found)
    {
        if (at.Skipped != _skipped)
            yield return $"The store counts {at.Skipped} skipped records; the log has {_skipped} that are no messages.";
        if (at.BasePostings + at.OverlayPostings != found)
            yield return $"The store counts {at.BasePostings + at.OverlayPostings} postings; it holds {found}.";
    }
}
