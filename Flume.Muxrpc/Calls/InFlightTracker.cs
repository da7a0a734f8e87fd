namespace Flume.Muxrpc.Calls;

/// <summary>Counts what runs for a connection, so that closing can wait for the last of it.</summary>
/// <remarks>The connection itself counts as one until <see cref="CloseAsync"/>; nothing begins after that.</remarks>
internal sealed class InFlightTracker
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Something begins.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>Something has ended.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0) _idle.SetResult();
    }

    /// <summary>Completes when everything has ended.</summary>
    public Task CloseAsync()
    {
        End();
        return _idle.Task;
    }
}
