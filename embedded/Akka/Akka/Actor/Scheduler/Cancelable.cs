namespace Akka.Actor;

/// <summary>Calls off what was scheduled with it. It makes a token only when asked for one.</summary>
/// <remarks>1. <c>_state</c> is 0 until it is called off; the callbacks that were attached before run once, those
/// after at once.</remarks>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly Lock _lock = new();
    private CancellationTokenSource _source;
    private Action _onCancel;
    private bool _cancelled;

    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced)
    {
    }

    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler.Advanced, delay)
    {
    }

    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler.Advanced, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    public Cancelable(IActionScheduler scheduler, TimeSpan delay) : this(scheduler)
    {
        CancelAfter(delay);
    }

    public Cancelable(IActionScheduler scheduler)
    {
        _scheduler = scheduler;
    }

    public bool IsCancellationRequested => Volatile.Read(ref _cancelled);

    public bool IsDisposed { get; private set; }

    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                if (_source == null)
                {
                    _source = new CancellationTokenSource();
                    if (_cancelled)
                        _source.Cancel();
                }
                return _source.Token;
            }
        }
    }

    /// <summary>One that is called off already.</summary>
    public static ICancelable CreateCanceled()
    {
        var cancelable = new Cancelable((IActionScheduler)null);
        cancelable.Cancel();
        return cancelable;
    }

    public void Cancel() => Cancel(throwOnFirstException: false);

    public void Cancel(bool throwOnFirstException)
    {
        Action onCancel;
        CancellationTokenSource source;
        lock (_lock)
        {
            if (_cancelled)
                return;
            Volatile.Write(ref _cancelled, true);
            onCancel = _onCancel;
            _onCancel = null;
            source = _source;
        }
        onCancel?.Invoke();
        source?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel, this);

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose() => Dispose(disposing: true);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            IsDisposed = true;
            _source?.Dispose();
        }
    }

    /// <summary>Runs the action when this is called off: at once if it was.</summary>
    internal void OnCancel(Action action)
    {
        lock (_lock)
        {
            if (!_cancelled)
            {
                _onCancel += action;
                return;
            }
        }
        action();
    }
}

/// <summary>Calling off what may not be there.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable cancelable) => cancelable?.Cancel();
}
