using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Checking;

/// <summary>
/// Reads the log in order, as a rebuild does, and passes each decoded record to the workers of a check.
/// </summary>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
/// <param name="Through">The last record to read (inclusive).</param>
internal sealed record FoldScan(OffsetLog Log, RecordFormat Format, Offset Through)
{
    /// <summary>Selects the offsets to decode; null selects all.</summary>
    public Func<long, bool>? Wanted { get; init; }

    /// <summary>
    /// Runs the scan and calls <paramref name="newWorker"/> once per thread. Returns the number of records passed to
    /// workers.
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
            using RecordBatch batch = new();
            while (!stop.IsCancellationRequested && scanner.ReadRun(batch))
            {
                Interlocked.Add(ref records, Give(batch, decoder, worker));
                pace.Report(batch.Bytes);
                throttle.Rest(stop);
            }
        }).ConfigureAwait(false);
        return records;
    }

    private long Give(RecordBatch batch, RecordDecoder decoder, Action<DecodedRecord> worker)
    {
        long given = 0;
        foreach (RunRecord record in batch.Records)
        {
            if (Wanted is not null && !Wanted(record.Offset.Value)) continue;
            worker(decoder.Decode(record.Offset, batch.Payload(record)));
            given++;
        }

        return given;
    }
}
