namespace Flume.Actors;

/// <summary>Something that happens again and again, to wait for.</summary>
/// <remarks>Who takes <see cref="Next"/> before looking, and waits only then, misses nothing. Any thread
/// may do either.</remarks>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes when it happens next.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>It happens.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
