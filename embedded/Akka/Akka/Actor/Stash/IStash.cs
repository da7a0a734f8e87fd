using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Where an actor puts messages aside that it can not handle yet.</summary>
public interface IStash
{
    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    /// <summary>Negative when there is no limit.</summary>
    int Capacity { get; }

    /// <summary>Puts the message being handled aside.</summary>
    /// <exception cref="IllegalActorStateException">It already was.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest message back, to be handled next.</summary>
    void Unstash();

    /// <summary>Puts all messages back, to be handled next, the oldest first.</summary>
    void UnstashAll();

    /// <summary>Puts the messages back that fit and forgets the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and gives what was in it, the oldest first.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages in front of those that are put aside already.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor that is given a stash before its constructor's handlers are closed.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash, whatever its mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>
{
}

/// <summary>An actor with a stash without limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash,
    IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>
{
}

/// <summary>An untyped actor with a stash.</summary>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    public IStash Stash { get; set; }
}

/// <summary>An untyped actor with a stash without limit.</summary>
public abstract class UntypedActorWithUnboundedStash : UntypedActor, IWithUnboundedStash
{
    public IStash Stash { get; set; }
}

/// <summary>Makes stashes.</summary>
public static class StashFactory
{
    /// <summary>A further stash for an actor, beside the one it is given.</summary>
    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) =>
        ActorStash.For((ActorCell)context, actorInstance);
}
