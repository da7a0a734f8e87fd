using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Checking;

/// <summary>Reads the log front to back as a rebuild does, and gives each record, decoded, to workers of a check.</summary>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
/// <param name="Through">The last record to read (inclusive).</param>
internal sealed record FoldScan(OffsetLog Log, RecordFormat Format, Offset Through)
{
    /// <summary>Says which records are worth decoding; null for all.</summary>
    public Func<long, bool>? Wanted { get; init; }

    /// <summary>
    /// Runs the scan; <paramref name="newWorker"/> is asked once a thread. Returns how many records were given out.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <see cref="Through"/>.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public async Task<long> RunAsync(CheckPace pace, Func<Action<DecodedRecord>> newWorker)
    {
        LogScanner scanner = new(Log, Offset.None, Through);
        long records = 0;
        await pace.AllAsync((throttle, stop) =>
        {
            Action<DecodedRecord> worker = newWorker();
            RecordDecoder decoder = Format.NewDecoder();
            using RecordBatch run = new();
            while (!stop.IsCancellationRequested && scanner.ReadRun(run))
            {
                Interlocked.Add(ref records, Give(run, decoder, worker));
                pace.Report(run.Bytes);
                throttle.Rest(stop);
            }
        }).ConfigureAwait(false);
        return records;
    }

    private long Give(RecordBatch run, RecordDecoder decoder, Action<DecodedRecord> worker)
    {
        long given = 0;
        foreach (RunRecord record in run.Records)
        {
            if (Wanted is not null && !Wanted(record.Offset.Value)) continue;
            worker(decoder.Decode(record.Offset, run.Payload(record)));
            given++;
        }

        return given;
    }
}
