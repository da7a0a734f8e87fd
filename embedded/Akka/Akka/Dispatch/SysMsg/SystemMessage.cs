using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>A message between cells. It overtakes what actors send each other.</summary>
/// <remarks>1. Linked into one queue at most: send each instance to one cell, once.</remarks>
internal abstract class SystemMessage
{
    /// <summary>The neighbour in the queue that holds this message.</summary>
    public SystemMessage Next;

    /// <summary>Whether it has to wait until the children that a restart stops have ended.</summary>
    public virtual bool WaitsForChildren => false;

    /// <summary>Whether it has to wait until the mailbox is no longer suspended.</summary>
    public virtual bool WaitsForResume => false;

    /// <summary>What a cell that has ended answers: a watcher learns that there is nothing to watch.</summary>
    public static void AnswerForTheDead(SystemMessage message)
    {
        if (message is Watch watch && !watch.Watcher.Equals(watch.Watchee))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }
}

/// <summary>Make the actor and start it.</summary>
internal sealed class Create : SystemMessage;

/// <summary>Stop handling messages; children too.</summary>
internal sealed class Suspend : SystemMessage
{
    public override bool WaitsForChildren => true;
}

/// <summary>Go on handling messages; children too.</summary>
internal sealed class Resume(Exception causedByFailure) : SystemMessage
{
    /// <summary>The failure after which the supervisor said to go on; null when merely passed down.</summary>
    public Exception CausedByFailure { get; } = causedByFailure;

    public override bool WaitsForChildren => true;
}

/// <summary>Replace the actor by a fresh one.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;

    public override bool WaitsForChildren => true;
}

/// <summary>End: children first.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Tell the watcher when this one ends.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>The watcher no longer wants to know.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>A child failed: decide what becomes of it.</summary>
internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public long Uid { get; } = uid;

    public override bool WaitsForChildren => true;

    public override bool WaitsForResume => true;
}

/// <summary>A child or a watched actor has ended.</summary>
internal sealed class DeathWatchNotification(IInternalActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IInternalActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;
}
