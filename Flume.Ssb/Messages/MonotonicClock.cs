namespace Flume.Ssb.Messages;

/// <summary>Millisecond Unix times that never repeat and never go back: what messages are stamped with.</summary>
/// <remarks>
/// 1. Each answer is greater than the one before, for all threads together.
/// 2. The first of a millisecond is a whole number; the k-th after it adds k/(k+1000), as npm monotonic-timestamp does,
///    as long as a double can tell that from the one before; then the next double (docs/spec 3.2).
/// 3. A clock that was set back does not count until it has caught up.
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
