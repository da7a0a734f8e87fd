namespace Flume.Muxrpc.Calls;

/// <summary>Counts what runs for a connection, so that closing can wait for the last of it.</summary>
/// <remarks>The connection itself counts as one until <see cref="CloseAsync"/>; nothing begins after that.</remarks>
internal sealed class InFlightTracker
{
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count = 1;

    /// <summary>Something begins.</summary>
    public void Begin() => Interlocked.Increment(ref count);

    /// <summary>Something has ended.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref count) == 0) idle.SetResult();
    }

    /// <summary>Completes when everything has ended.</summary>
    public Task CloseAsync()
    {
        End();
        return idle.Task;
    }
}
