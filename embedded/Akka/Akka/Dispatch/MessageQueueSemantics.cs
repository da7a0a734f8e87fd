namespace Akka.Dispatch;

/// <summary>
/// What a mailbox promises. Every mailbox of this library is unbounded and can be put into at both ends.
/// </summary>
public interface ISemantics
{
}

/// <summary>Takes any number of messages.</summary>
public interface IUnboundedMessageQueueSemantics : ISemantics
{
}

/// <summary>Can be put into at the front: what a stash needs.</summary>
public interface IDequeBasedMessageQueueSemantics : ISemantics
{
}

/// <summary>Takes any number of messages, at both ends.</summary>
public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics,
    IUnboundedMessageQueueSemantics
{
}

/// <summary>An actor that needs a mailbox of some kind.</summary>
public interface IRequiresMessageQueue<T> where T : ISemantics
{
}
