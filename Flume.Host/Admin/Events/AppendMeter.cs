namespace Flume.Host.Admin.Events;

/// <summary>The growth rate of a log, computed from samples of its length.</summary>
/// <remarks>
/// The rate covers the last <see cref="Window"/>: short enough to follow changes, long enough to be stable.
/// </remarks>
internal sealed class AppendMeter(TimeProvider time)
{
    /// <summary>The time span of the rate.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Queue<LogLook> _looks = new();

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Records a second; 0 while they are not counted.</summary>
    public double RecordsPerSecond { get; private set; }

    /// <summary>Adds a sample: the log's bytes and, if known, its records.</summary>
    public void Add(long bytes, long? records)
    {
        long now = time.GetTimestamp();
        LogLook last = new(now, bytes, records);
        _looks.Enqueue(last);
        while (_looks.Count > 2 && time.GetElapsedTime(_looks.Peek().At, now) > Window) _looks.Dequeue();
        LogLook first = _looks.Peek();
        double seconds = time.GetElapsedTime(first.At, now).TotalSeconds;
        if (seconds <= 0) return;
        BytesPerSecond = Math.Max(0, (last.Bytes - first.Bytes) / seconds);
        LogLook counted = _looks.First(look => look.Records is not null || look == last);
        double since = time.GetElapsedTime(counted.At, now).TotalSeconds;
        RecordsPerSecond = since > 0 && last.Records - counted.Records is { } more ? Math.Max(0, more / since) : 0;
    }
}

/// <summary>One sample of a log.</summary>
/// <param name="At">The clock's timestamp of the sample.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Its records; null when they are not counted yet.</param>
internal readonly record struct LogLook(long At, long Bytes, long? Records);
