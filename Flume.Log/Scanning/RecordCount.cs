namespace Flume.Log;

/// <summary>Counts a log's records incrementally: each count continues after the previous one.</summary>
internal sealed class RecordCount(ILogFile file, LogSettings log)
{
    private readonly Lock _counting = new();
    private long _position;
    private long _records;

    /// <summary>Counts up to <paramref name="end"/>.</summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public long Through(long end, CancellationToken cancellation)
    {
        lock (_counting)
        {
            var runs = new BatchReader(file, log);
            using var run = new RecordBatch();
            while (_position < end)
            {
                cancellation.ThrowIfCancellationRequested();
                if (runs.Fill(run, _position, end) is { } reason)
                    throw new LogDamagedException(run.First, reason, log.Path);
                _position += run.Bytes;
                _records += run.Frames;
            }

            return _records;
        }
    }
}
