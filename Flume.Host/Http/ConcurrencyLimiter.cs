namespace Flume.Host.Http;

/// <summary>A limit on concurrent leases.</summary>
/// <remarks>
/// 1. At most <see cref="Max"/> leases exist at once.
/// 2. Callers that are no owners get three quarters of them, so that owners keep places.
/// 3. Repeated disposal of a lease releases its slot once.
/// </remarks>
internal sealed class ConcurrencyLimiter(int max)
{
    private int _taken;

    /// <summary>The maximum number of leases.</summary>
    public int Max { get; } = max;

    /// <summary>The current number of leases.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a lease; null if none is free for this class of callers.</summary>
    public IDisposable? TryTake(bool isOwner = true)
    {
        int most = isOwner ? Max : Max - (Max / 4);
        if (Interlocked.Increment(ref _taken) <= most) return new Lease(this);
        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Lease(ConcurrencyLimiter limiter) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0) Interlocked.Decrement(ref limiter._taken);
        }
    }
}
