namespace Akka.Actor;

/// <summary>
/// The one who awaits the answer of an ask. The first message it gets completes the task, later ones are dead letters.
/// </summary>
internal sealed class FutureActorRef<T>(ActorSystemImpl system) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath _path;
    private CancellationTokenRegistration _cancellation;
    private Timer _timer;
    private TimeSpan _timeout;

    public Task<T> Task => _answer.Task;

    public override ActorPath Path => _path ?? Interlocked.CompareExchange(ref _path, system.TempPath(), null) ?? _path;

    internal override ActorSystemImpl SystemOrNull => system;

    /// <summary>Gives the answer a time limit (none if not positive) and lets it be cancelled.</summary>
    public void Start(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout > TimeSpan.Zero)
            _timer = new Timer(static state =>
                ((FutureActorRef<T>)state).TimeOut(), this, timeout, Timeout.InfiniteTimeSpan);
        _timeout = timeout;
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.Register(static state => ((FutureActorRef<T>)state).Cancel(), this);
        if (_answer.Task.IsCompleted)
            Release();
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var taken = message switch
        {
            Status.Failure failure when failure is not T || typeof(T) == typeof(object) =>
                _answer.TrySetException(failure.Cause
                ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            T answer => _answer.TrySetResult(answer),
            null => _answer.TrySetResult(default),
            _ => _answer.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (taken)
            Release();
        else if (!_answer.Task.IsCanceled)
            system.DeadLetters.Tell(message ?? default(T), this);
    }

    private void TimeOut()
    {
        if (_answer.TrySetException(new AskTimeoutException($"Timeout after {_timeout.TotalSeconds:F2} seconds")))
            Release();
    }

    private void Cancel()
    {
        if (_answer.TrySetCanceled())
            Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
    }
}
