namespace Akka.Actor;

/// <summary>Something that messages can be sent to.</summary>
public interface ICanTell
{
    void Tell(object message, IActorRef sender);
}

/// <summary>An actor as others see it: an address to send to. Equal when path and uid are.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>Refs that stand for nobody.</summary>
public static class ActorRefs
{
    /// <summary>An actor that never was; whatever it is sent is lost.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>What a sender is when there is none: null.</summary>
    public static readonly IActorRef NoSender;
}

/// <summary>Sending in the name of the actor that is running.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends, with the actor that is running as the sender, if any.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Sends on, keeping the sender of the message being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.Sender);
}

/// <summary>Telling <see cref="ActorRefs.Nobody"/> from somebody.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef;
}
