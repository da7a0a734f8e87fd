namespace Akka.Actor;

/// <summary>A message that the cell handles itself before the actor's behaviour would see it.</summary>
public interface IAutoReceivedMessage
{
}

/// <summary>A message that can do harm when a stranger may send it.</summary>
public interface IPossiblyHarmful
{
}

/// <summary>A message that never leaves the process.</summary>
public interface INoSerializationVerificationNeeded
{
}

/// <summary>A message that does not set the receive timeout back to its start.</summary>
public interface INotInfluenceReceiveTimeout
{
}

/// <summary>A message around another one.</summary>
public interface IWrappedMessage
{
    object Message { get; }
}

/// <summary>Takes messages out of what is wrapped around them.</summary>
public static class WrappedMessage
{
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped)
            message = wrapped.Message;
        return message;
    }
}
