namespace Akka.Actor;

/// <summary>A message with its sender, as it lies in a mailbox.</summary>
public struct Envelope
{
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    public object Message { get; }

    /// <summary>Null when nobody is to be answered.</summary>
    public IActorRef Sender { get; }

    public override string ToString() => $"<{Message ?? "null"}> from {Sender?.ToString() ?? "NoSender"}";
}
