using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The ref of a path at which no actor lives. What it is sent becomes a dead letter; whoever watches it is told at
/// once.
/// </summary>
public class EmptyLocalActorRef : MinimalActorRef
{
    private readonly ActorSystemImpl _system;

    internal EmptyLocalActorRef(ActorSystemImpl system, ActorPath path)
    {
        _system = system;
        Path = path;
    }

    public override ActorPath Path { get; }

    internal override ActorSystemImpl SystemOrNull => _system;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message == null)
            throw new InvalidMessageException();
        var letter = message as DeadLetter;
        if (TryAnswer(letter?.Message ?? message, letter?.Sender ?? sender))
            return;
        if (letter == null)
            _system.EventStream.Publish(new DeadLetter(message, SenderOr(sender), this));
        else if (PublishesLetters)
            _system.EventStream.Publish(letter);
    }

    internal override void HandleSystemMessage(SystemMessage message) => SystemMessage.AnswerForTheDead(message);

    /// <summary>Whether a letter that was already addressed is announced here; elsewhere it was.</summary>
    internal virtual bool PublishesLetters => false;

    private bool TryAnswer(object message, IActorRef sender)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                return true;
            case ActorSelectionMessage { Message: Identify identify } selection:
                if (!selection.WildCardFanOut)
                    sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                return true;
            case ActorSelectionMessage { Message: not IDeadLetterSuppression } selection:
                _system.EventStream.Publish(new DeadLetter(selection.Message, SenderOr(sender), this));
                return true;
            case IDeadLetterSuppression or ActorSelectionMessage:
                var quiet = WrappedMessage.Unwrap(message) as IDeadLetterSuppression ?? (IDeadLetterSuppression)message;
                _system.EventStream.Publish(new SuppressedDeadLetter(quiet, SenderOr(sender), this));
                return true;
            default:
                return false;
        }
    }

    private IActorRef SenderOr(IActorRef sender) => sender.IsNobody() ? _system.DeadLetters : sender;
}

/// <summary>Where messages go that nobody will get.</summary>
public class DeadLetterActorRef : EmptyLocalActorRef
{
    internal DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : base(system, path)
    {
    }

    internal override bool PublishesLetters => true;
}
