using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>A behaviour: takes a message and says whether it handled it.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that handles whatever it takes.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Makes actors and finds them.</summary>
public interface IActorRefFactory
{
    /// <summary>Starts an actor, as a child of whoever is asked.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or malformed.</exception>
    IActorRef ActorOf(Props props, string name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Can be told when an actor ends.</summary>
public interface ICanWatch
{
    /// <summary>Asks for a <see cref="Terminated"/> when the actor ends.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for the given message when the actor ends.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>No longer wants to be told, even if the news already lies in the mailbox.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor sees of the system around it. Valid while it handles a message only.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    Props Props { get; }

    /// <summary>Who sent the message being handled; the dead letters if nobody is to be answered.</summary>
    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    MessageDispatcher Dispatcher { get; }

    TimeSpan? ReceiveTimeout { get; }

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    /// <summary>The child of that name, or Nobody.</summary>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    /// <summary>
    /// Sends a <see cref="Akka.Actor.ReceiveTimeout"/> whenever no message came for that long; null ends it.
    /// </summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    void Stop(IActorRef child);
}

/// <summary>A context that takes untyped behaviours.</summary>
public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);

    void BecomeStacked(UntypedReceive receive);
}
