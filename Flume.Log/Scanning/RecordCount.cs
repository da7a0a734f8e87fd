namespace Flume.Log;

/// <summary>Counts a log's records incrementally: each count continues after the previous one.</summary>
internal sealed class RecordCount(ILogFile file, LogSettings log)
{
    private readonly Lock counting = new();
    private long position;
    private long records;

    /// <summary>Counts up to <paramref name="end"/>.</summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public long Through(long end, CancellationToken cancellation)
    {
        lock (counting)
        {
            var runs = new BatchReader(file, log);
            using var run = new RecordBatch();
            while (position < end)
            {
                cancellation.ThrowIfCancellationRequested();
                if (runs.Fill(run, position, end) is { } reason)
                    throw new LogDamagedException(run.First, reason, log.Path);
                position += run.Bytes;
                records += run.Frames;
            }

            return records;
        }
    }
}
