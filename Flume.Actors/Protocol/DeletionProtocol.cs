namespace Flume.Actors.Protocol;

/// <summary>What the views and the actor of deletions say to each other.</summary>
internal static class DeletionProtocol
{
    /// <summary>From the actor of deletions, each time that it has read its journal; answered by <see cref="ViewsReady"/>.</summary>
    public sealed record DeletionsRecovered;

    /// <summary>The views are started: deletions that a crash interrupted can be settled.</summary>
    public sealed record ViewsReady;
}
