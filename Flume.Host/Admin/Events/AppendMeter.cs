namespace Flume.Host.Admin.Events;

/// <summary>How fast a log grows, told from looks at its length.</summary>
/// <remarks>The rate is over the last <see cref="Window"/>: short enough to follow, long enough to be calm.</remarks>
internal sealed class AppendMeter(TimeProvider time)
{
    /// <summary>How far back the rate looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Queue<LogLook> looks = new();

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Records a second; 0 while they are not counted.</summary>
    public double RecordsPerSecond { get; private set; }

    /// <summary>Takes a look: the log's bytes and, when known, its records.</summary>
    public void Add(long bytes, long? records)
    {
        long now = time.GetTimestamp();
        LogLook last = new(now, bytes, records);
        looks.Enqueue(last);
        while (looks.Count > 2 && time.GetElapsedTime(looks.Peek().At, now) > Window) looks.Dequeue();
        LogLook first = looks.Peek();
        double seconds = time.GetElapsedTime(first.At, now).TotalSeconds;
        if (seconds <= 0) return;
        BytesPerSecond = Math.Max(0, (last.Bytes - first.Bytes) / seconds);
        LogLook counted = looks.First(look => look.Records is not null || look == last);
        double since = time.GetElapsedTime(counted.At, now).TotalSeconds;
        RecordsPerSecond = since > 0 && last.Records - counted.Records is { } more ? Math.Max(0, more / since) : 0;
    }
}

/// <summary>A log as it was at one moment.</summary>
/// <param name="At">A timestamp of the clock.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Its records; null when they are not counted yet.</param>
internal readonly record struct LogLook(long At, long Bytes, long? Records);
