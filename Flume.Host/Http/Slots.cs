namespace Flume.Host.Http;

/// <summary>A counted limit on things that are open at once.</summary>
/// <remarks>
/// 1. Never more than <see cref="Max"/> leases are out.
/// 2. A lease gives its slot back once, however often it is disposed.
/// </remarks>
internal sealed class Slots(int max)
{
    private int taken;

    /// <summary>How many may be out at once.</summary>
    public int Max { get; } = max;

    /// <summary>How many are out.</summary>
    public int Taken => Volatile.Read(ref taken);

    /// <summary>A lease, or null when all are out.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref taken) <= Max) return new Lease(this);
        Interlocked.Decrement(ref taken);
        return null;
    }

    private sealed class Lease(Slots slots) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0) Interlocked.Decrement(ref slots.taken);
        }
    }
}
