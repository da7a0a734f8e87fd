namespace Flume.Actors;

/// <summary>How many records a second, of late, and so how long the rest will take.</summary>
/// <remarks>
/// Counts fall into buckets of half a second; the rate is that of the last sixteen. It is true after a pause as well:
/// time in which nothing was counted counts. Counted by one thread, read by any.
/// </remarks>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Buckets = 16;
    private static readonly TimeSpan Width = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Buckets];
    private readonly long _started = time.GetTimestamp();
    private long _bucket;

    /// <summary>Counts records that were handled just now.</summary>
    public void Add(long records)
    {
        lock (_lock)
        {
            MoveOn();
            _counts[_bucket % Buckets] += records;
        }
    }

    /// <summary>Records a second over the last eight seconds, or since the start when that is less.</summary>
    public double PerSecond()
    {
        long total = 0;
        lock (_lock)
        {
            MoveOn();
            foreach (long count in _counts) total += count;
        }

        double window = Math.Min(Width.TotalSeconds * Buckets, time.GetElapsedTime(_started).TotalSeconds);
        return total == 0 ? 0 : total / Math.Max(window, 0.001);
    }

    /// <summary>Time for <paramref name="left"/> more records; null when nothing moves.</summary>
    public TimeSpan? Eta(double left) => Eta(left, PerSecond());

    /// <summary>Time for <paramref name="left"/> units at a rate; null when it does not move, or not within a year.</summary>
    public static TimeSpan? Eta(double left, double perSecond)
    {
        if (left <= 0) return TimeSpan.Zero;
        double seconds = left / perSecond;
        return perSecond > 0 && seconds < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private void MoveOn()
    {
        long now = time.GetElapsedTime(_started).Ticks / Width.Ticks;
        for (long skipped = Math.Max(_bucket + 1, now - Buckets + 1); skipped <= now; skipped++)
            _counts[skipped % Buckets] = 0;
        _bucket = Math.Max(_bucket, now);
    }
}
