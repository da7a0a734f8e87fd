namespace Akka.Actor;

/// <summary>What a cell does once the children that it stopped have ended.</summary>
/// <param name="RestartCause">The failure after which the actor is to be replaced; null otherwise.</param>
internal sealed record TerminationReason(string Name, Exception RestartCause = null)
{
    /// <summary>Nothing: the actor stopped some of its children while it goes on.</summary>
    public static readonly TerminationReason UserRequest = new("user request");

    /// <summary>Make the actor, which could not be made before.</summary>
    public static readonly TerminationReason Create = new("create");

    /// <summary>End.</summary>
    public static readonly TerminationReason Terminate = new("terminate");

    /// <summary>Replace the actor.</summary>
    public static TerminationReason Restart(Exception cause) => new("restart", cause);
}
