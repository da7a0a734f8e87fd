namespace Akka.Actor;

/// <summary>The receive timeout: a message to itself when no other came.</summary>
internal sealed partial class ActorCell
{
    private ICancelable _pendingTimeout;

    public TimeSpan? ReceiveTimeout { get; private set; }

    public void SetReceiveTimeout(TimeSpan? timeout) => ReceiveTimeout = timeout;

    /// <summary>Starts waiting anew; without <paramref name="reschedule"/> only if nothing is waited for.</summary>
    public void CheckReceiveTimeout(bool reschedule)
    {
        if (ReceiveTimeout == null)
        {
            CancelReceiveTimeout();
        }
        else if (reschedule || _pendingTimeout == null)
        {
            CancelReceiveTimeout();
            _pendingTimeout = SystemImpl.Scheduler.ScheduleTellOnceCancelable(ReceiveTimeout.Value, Self,
                global::Akka.Actor.ReceiveTimeout.Instance, Self);
        }
    }

    private void CancelReceiveTimeout()
    {
        if (_pendingTimeout == null)
            return;
        _pendingTimeout.Cancel();
        _pendingTimeout = null;
    }
}
