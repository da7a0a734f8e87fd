namespace Flume.Actors.Protocol;

/// <summary>Messages between the ViewCoordinatorActor and the DeletionActor.</summary>
internal static class DeletionProtocol
{
    /// <summary>
    /// From the DeletionActor after each recovery of its journal; answered by <see cref="ViewsReady"/>.
    /// </summary>
    public sealed record DeletionsRecovered;

    /// <summary>The views are started: the DeletionActor can complete deletions that a crash interrupted.</summary>
    public sealed record ViewsReady;
}
