namespace Flume.Log;

/// <summary>One step of a scan: a range of valid records, or, with a reason, a damaged range.</summary>
internal readonly record struct WalkStep(long From, long To, long Records, long Deleted, string? Reason);

/// <summary>Scans all frames below an end and skips damage up to the next valid frame.</summary>
internal sealed class FrameScanner(ILogFile file, LogSettings log, long end) : IDisposable
{
    private readonly BatchReader _runs = new(file, log);
    private readonly RecordBatch _run = new();

    /// <summary>Bytes scanned.</summary>
    public long Position { get; private set; }

    /// <summary>The next range; null at the end.</summary>
    public WalkStep? Next()
    {
        long from = Position;
        if (from >= end)
            return null;
        if (_runs.Fill(_run, from, end) is { } reason)
        {
            var window = new LogWindow(file, end, log.EndBytes);
            Position = FrameResync.After(from, window, new TailScanner(window, log.Options.RecordBytesMax));
            return new WalkStep(from, Position, 0, 0, reason);
        }

        Position += _run.Bytes;
        return new WalkStep(from, Position, _run.Frames, _run.Frames - _run.Records.Length, null);
    }

    public void Dispose() => _run.Dispose();
}
