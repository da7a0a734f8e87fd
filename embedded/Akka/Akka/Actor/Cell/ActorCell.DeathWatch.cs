using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Who watches this actor, and whom it watches.</summary>
internal sealed partial class ActorCell
{
    private HashSet<IInternalActorRef> _watchedBy;
    private Dictionary<IActorRef, object> _watching;
    private Dictionary<IActorRef, object> _terminatedQueued;
    private bool _onEventStream;

    /// <summary>
    /// Notes that the actor is to be taken off the event stream when it ends; false if it already has.
    /// </summary>
    public bool NoteSubscription()
    {
        _onEventStream = true;
        Interlocked.MemoryBarrier();
        return !Mailbox.IsClosed;
    }

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (_watching != null && _watching.Remove(subject))
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, Self));
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>Notes that a notice about the actor lies in the mailbox; without the note it is dropped.</summary>
    public void TerminatedQueuedFor(IActorRef subject, object customMessage) =>
        (_terminatedQueued ??= []).TryAdd(subject, customMessage);

    private IActorRef Watch(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Equals(Self))
            return subject;
        if ((_watching ??= []).TryAdd(subject, message))
            ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, Self));
        return subject;
    }

    private void AddWatcher(IInternalActorRef watcher)
    {
        if (!watcher.Equals(Self))
            (_watchedBy ??= []).Add(watcher);
    }

    private void WatchedActorTerminated(DeathWatchNotification death)
    {
        if (_watching != null && _watching.Remove(death.Actor, out var message) && !Children.IsTerminating)
        {
            TerminatedQueuedFor(death.Actor, message);
            Self.Tell(new Terminated(death.Actor, death.ExistenceConfirmed, addressTerminated: false), death.Actor);
        }
        if (Children.Contains(death.Actor))
            HandleChildTerminated(death.Actor);
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued != null && _terminatedQueued.Remove(terminated.ActorRef, out var customMessage))
            ReceiveMessage(customMessage ?? terminated);
    }

    private void TellWatchersWeDied()
    {
        if (_watchedBy == null)
            return;
        foreach (var watcher in _watchedBy)
        {
            if (!watcher.Equals(Parent))
                watcher.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        }
        _watchedBy = null;
    }

    private void UnwatchWatchedActors()
    {
        _terminatedQueued = null;
        if (_watching == null)
            return;
        foreach (var watched in _watching.Keys)
            ((IInternalActorRef)watched).SendSystemMessage(new Unwatch((IInternalActorRef)watched, Self));
        _watching = null;
    }
}
