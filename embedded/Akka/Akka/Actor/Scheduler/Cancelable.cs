namespace Akka.Actor;

/// <summary>Calls off what was scheduled with it. It makes a token only when asked for one.</summary>
/// <remarks>
/// 1. <c>_cancelled</c> goes from false to true once; the token, if there is one, follows.
/// 2. One scheduled entry is attached and taken out at once when this is called off. Further ones are found out when
///    they are due: so a cancelable that is shared by many does not hold on to them.
/// </remarks>
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

    /// <summary>
    /// Takes an action to run when this is called off; false if it has one already, or was called off before.
    /// </summary>
    internal bool TryAttach(Action onCancel)
    {
        lock (_lock)
        {
            if (_cancelled || _onCancel != null)
                return false;
            _onCancel = onCancel;
            return true;
        }
    }
}

/// <summary>Calling off what may not be there.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable cancelable) => cancelable?.Cancel();
}
