namespace Flume.Host.Http;

/// <summary>A limit on concurrent leases.</summary>
/// <remarks>
/// 1. At most <see cref="Max"/> leases exist at once.
/// 2. Repeated disposal of a lease releases its slot once.
/// </remarks>
internal sealed class ConcurrencyLimiter(int max)
{
    private int taken;

    /// <summary>The maximum number of leases.</summary>
    public int Max { get; } = max;

    /// <summary>The current number of leases.</summary>
    public int Taken => Volatile.Read(ref taken);

    /// <summary>Takes a lease; null if none is free.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref taken) <= Max) return new Lease(this);
        Interlocked.Decrement(ref taken);
        return null;
    }

    private sealed class Lease(ConcurrencyLimiter limiter) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0) Interlocked.Decrement(ref limiter.taken);
        }
    }
}
