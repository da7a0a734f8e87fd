namespace Flume.Actors;

/// <summary>Measures the recent rate of records a second, and estimates the remaining time.</summary>
/// <remarks>
/// Counts are stored in buckets of half a second. The rate is that of the last sixteen buckets; idle time counts. One
/// thread counts; any thread reads.
/// </remarks>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Buckets = 16;
    private static readonly TimeSpan Width = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Buckets];
    private readonly long _started = time.GetTimestamp();
    private long _bucket;

    /// <summary>Counts records that were handled now.</summary>
    public void Add(long records)
    {
        lock (_lock)
        {
            ClearSkippedBuckets();
            _counts[_bucket % Buckets] += records;
        }
    }

    /// <summary>Records a second over the last eight seconds, or since the start when that is less.</summary>
    public double PerSecond()
    {
        long total = 0;
        lock (_lock)
        {
            ClearSkippedBuckets();
            foreach (long count in _counts) total += count;
        }

        double window = Math.Min(Width.TotalSeconds * Buckets, time.GetElapsedTime(_started).TotalSeconds);
        return total == 0 ? 0 : total / Math.Max(window, 0.001);
    }

    /// <summary>Time for <paramref name="remaining"/> more records; null when the rate is zero.</summary>
    public TimeSpan? Eta(double remaining) => Eta(remaining, PerSecond());

    /// <summary>
    /// Time for <paramref name="remaining"/> units at a rate; null when the rate is zero or the time exceeds a year.
    /// </summary>
    public static TimeSpan? Eta(double remaining, double perSecond)
    {
        if (remaining <= 0) return TimeSpan.Zero;
        double seconds = remaining / perSecond;
        bool isKnown = perSecond > 0 && seconds < TimeSpan.FromDays(365).TotalSeconds;
        return isKnown ? TimeSpan.FromSeconds(seconds) : null;
    }

    private void ClearSkippedBuckets()
    {
        long now = time.GetElapsedTime(_started).Ticks / Width.Ticks;
        for (long skipped = Math.Max(_bucket + 1, now - Buckets + 1); skipped <= now; skipped++)
            _counts[skipped % Buckets] = 0;
        _bucket = Math.Max(_bucket, now);
    }
}
