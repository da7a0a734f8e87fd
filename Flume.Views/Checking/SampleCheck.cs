using Flume.Log;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>
/// Samples records and stored rows. Every record must have exactly its rows, and every row must follow from its record.
/// </summary>
/// <remarks>
/// The check reads all frames and rows, which is cheap. It decodes and applies only the sampled records.
/// </remarks>
internal sealed class SampleCheck(ViewCheckTarget target, ViewCheckOptions options)
{
    private readonly RecordDecoder _decoder = target.Format.NewDecoder();
    private readonly CheckSink _sink = new();
    private readonly DifferenceList _differences = new(options.ListedMax);

    /// <summary>Runs the check and completes the report.</summary>
    public async Task<ViewCheckReport> RunAsync(ViewCheckReport report, CancellationToken cancel)
    {
        Checkpoint at = target.Rows.Checkpoint;
        int seed = options.Seed ?? Random.Shared.Next();
        Random random = new(seed);
        long bytes = at.Since.IsSome ? target.Log.Next(at.Since).Value : 0;
        CheckPace pace = new(options, bytes + at.BasePostings + at.OverlayPostings, cancel);
        Reservoir<long> records = new(options.Sample!.Value, random);
        Reservoir<IndexedPosting> rows = new(options.Sample.Value, random);
        await pace.OneAsync((throttle, stop) =>
        {
            Choose(at.Since, records, (pace, throttle), stop);
            HashSet<long> chosen = [.. records.Chosen];
            List<IndexedPosting> found = [];
            StoredRows.Walk(target.Rows, row =>
            {
                rows.Offer(row);
                if (chosen.Contains(row.Posting.Offset)) found.Add(row);
            }, (pace, throttle), stop);
            CompareRecords(records.Chosen, found, stop);
            CompareRows(rows.Chosen, chosen, stop);
        }).ConfigureAwait(false);
        return report with
        {
            Records = records.Chosen.Count,
            Rows = rows.Chosen.Count,
            RecordsBound = records.Bound,
            RowsBound = rows.Bound,
            Seed = seed,
            Wrong = _differences.Count,
            Differences = _differences.Listed,
        };
    }

    private void Choose(
        Offset since, Reservoir<long> records, (CheckPace Pace, Throttle Throttle) pace, CancellationToken stop)
    {
        LogScanner scanner = new(target.Log, Offset.None, since);
        using RecordBatch batch = new();
        while (scanner.ReadRun(batch))
        {
            stop.ThrowIfCancellationRequested();
            foreach (RunRecord record in batch.Records) records.Offer(record.Offset.Value);
            pace.Pace.Report(batch.Bytes);
            pace.Throttle.Rest(stop);
        }
    }

    private void CompareRecords(IReadOnlyList<long> chosen, List<IndexedPosting> found, CancellationToken stop)
    {
        List<IndexedPosting> meant = [];
        foreach (long offset in chosen)
        {
            stop.ThrowIfCancellationRequested();
            meant.AddRange(ExpectedOf(offset));
        }

        _differences.Compare(meant, found);
    }

    /// <summary>The rows of the sampled records are compared before this call.</summary>
    private void CompareRows(IReadOnlyList<IndexedPosting> rows, HashSet<long> chosen, CancellationToken stop)
    {
        foreach (IndexedPosting row in rows)
        {
            stop.ThrowIfCancellationRequested();
            if (chosen.Contains(row.Posting.Offset) || ExpectedOf(row.Posting.Offset).Contains(row)) continue;
            _differences.Compare([], [row]);
        }
    }

    /// <summary>
    /// The postings that the record at an offset implies. Empty when the record is missing or deleted.
    /// </summary>
    private ReadOnlySpan<IndexedPosting> ExpectedOf(long offset)
    {
        try
        {
            if (!target.Log.TryRead(new Offset(offset), out LogRecord record) || record.Deleted) return default;
            DecodedRecord message = _decoder.Decode(record.Offset, record.Payload.Span);
            return ViewFold.Apply(target.View, message, _sink) ? _sink.TakePostings() : default;
        }
        catch (LogOffsetException)
        {
            return default;
        }
    }
}
