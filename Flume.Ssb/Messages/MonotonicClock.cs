namespace Flume.Ssb.Messages;

/// <summary>Strictly increasing Unix times in milliseconds, for message timestamps.</summary>
/// <remarks>
/// 1. Each time is greater than all earlier ones, across all threads.
/// 2. The first time of a millisecond is a whole number. The k-th after it adds k/(k+1000), as npm monotonic-timestamp
/// does. If a double cannot represent that step, the next double follows (docs/spec 3.2).
/// 3. If the system clock moves back, times continue from the last one until the clock passes it.
/// </remarks>
public sealed class MonotonicClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _last = double.NegativeInfinity;
    private long _millisecond = long.MinValue;
    private int _count;

    /// <summary>The next time, in milliseconds since 1970.</summary>
    public double Next()
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (now > _millisecond && now > _last)
            {
                _millisecond = now;
                _count = 0;
                return _last = now;
            }

            _count++;
            double next = _millisecond + (_count / (_count + 1000.0));
            return _last = next > _last ? next : Math.BitIncrement(_last);
        }
    }
}
