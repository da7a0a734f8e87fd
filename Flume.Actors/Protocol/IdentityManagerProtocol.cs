namespace Flume.Actors.Protocol;

/// <summary>Messages to the IdentityManagerActor, or to the shard region that routes to it.</summary>
internal static class IdentityManagerProtocol
{
    /// <summary>A message for one identity. Routers read only the name.</summary>
    public sealed record ToIdentity(string Identity, object Message);

    /// <summary>From an idle identity that is about to stop: hold its messages until it has stopped.</summary>
    public sealed record Passivate(string Identity);

    /// <summary>Close an identity on this node because its shard moves; answered by <see cref="Released"/>.</summary>
    public sealed record Release(string Identity);

    /// <summary>The identity is closed on this node, and its files are free.</summary>
    public sealed record Released(string Identity);

    /// <summary>Reject new messages from now on; answered at once by <see cref="AppendsRefused"/>.</summary>
    /// <remarks>Appends that are already in the mailbox of an identity still complete.</remarks>
    public sealed record RefuseAppends;

    /// <summary>The IdentityManagerActor rejects new messages.</summary>
    public sealed record AppendsRefused;

    /// <summary>Close every identity; answered by <see cref="AllClosed"/>.</summary>
    public sealed record CloseAll;

    /// <summary>Every identity is closed.</summary>
    public sealed record AllClosed;
}
