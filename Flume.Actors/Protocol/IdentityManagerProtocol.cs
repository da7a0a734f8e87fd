namespace Flume.Actors.Protocol;

/// <summary>What is said to the IdentityManagerActor, or to a shard region in its place.</summary>
internal static class IdentityManagerProtocol
{
    /// <summary>A message for one identity: all that a router, local or sharded, looks at.</summary>
    public sealed record ToIdentity(string Identity, object Message);

    /// <summary>From an identity that has long not been used: forward nothing to me, I am about to stop.</summary>
    public sealed record Passivate(string Identity);

    /// <summary>Close an identity here, because it moves to another node; answered by <see cref="Released"/>.</summary>
    public sealed record Release(string Identity);

    /// <summary>The identity is closed on this node, and its files are free.</summary>
    public sealed record Released(string Identity);

    /// <summary>Refuse every append from now on; answered by <see cref="AppendsRefused"/> when the taken ones are done.</summary>
    public sealed record RefuseAppends;

    /// <summary>No append is under way in any identity.</summary>
    public sealed record AppendsRefused;

    /// <summary>Close every identity; answered by <see cref="AllClosed"/>.</summary>
    public sealed record CloseAll;

    /// <summary>Every identity is closed.</summary>
    public sealed record AllClosed;
}
