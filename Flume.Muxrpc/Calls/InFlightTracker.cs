namespace Flume.Muxrpc.Calls;

/// <summary>Counts the running work of a connection. Closing waits until the count is zero.</summary>
/// <remarks>The connection itself counts as one until <see cref="CloseAsync"/>. No work begins after that.</remarks>
internal sealed class InFlightTracker
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Counts one more piece of work.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>Counts one piece of work as ended.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0) _idle.SetResult();
    }

    /// <summary>Completes when all work has ended.</summary>
    public Task CloseAsync()
    {
        End();
        return _idle.Task;
    }
}
