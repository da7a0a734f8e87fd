namespace Flume.Actors;

/// <summary>A signal that renews itself each time it is set.</summary>
/// <remarks>
/// Read <see cref="Next"/> before checking the condition, then await it: no change is missed then. Any thread may set
/// or await it.
/// </remarks>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes when the signal is set the next time.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Completes the current <see cref="Next"/>.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
