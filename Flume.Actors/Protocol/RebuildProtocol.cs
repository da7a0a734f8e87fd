using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Actors.Protocol;

/// <summary>Messages between a ViewActor and the RebuildActor.</summary>
internal static class RebuildProtocol
{
    /// <summary>
    /// Build a fresh store for a view. Requests within a short time share one scan. The answers are any number of
    /// <see cref="RebuildProgressed"/>, then one of <see cref="Rebuilt"/>, <see cref="RebuildFailed"/> and
    /// <see cref="RebuildForgotten"/>.
    /// </summary>
    /// <param name="View">The view's name; a later request for the same view replaces this one.</param>
    /// <param name="Token">Returned in every answer; identifies the answers of a cancelled rebuild.</param>
    /// <param name="Budget">How much of the machine the scan may use.</param>
    /// <param name="Reason">The reason; stored with the fresh store.</param>
    public sealed record RequestRebuild(string View, long Token, IndexBudget Budget, string Reason)
    {
        /// <summary>Offset of the first record whose rows are derived again; null for all records.</summary>
        public Offset? From { get; init; }
    }

    /// <summary>Cancel the request of a view; no answer.</summary>
    public sealed record CancelRebuild(string View);

    /// <summary>Change the budget of a view's scan.</summary>
    public sealed record SetScanBudget(string View, IndexBudget Budget);

    /// <summary>Progress of the scan.</summary>
    public sealed record RebuildProgressed(long Token, RebuildProgress Progress);

    /// <summary>A complete fresh store that does not serve yet. The receiver promotes or abandons it.</summary>
    public sealed record Rebuilt(long Token, NextStore Next, Offset Since);

    /// <summary>The rebuild failed: there is no fresh store.</summary>
    public sealed record RebuildFailed(long Token, Exception Cause);

    /// <summary>
    /// The RebuildActor stopped and lost the request. The view requests the rebuild again when it needs it.
    /// </summary>
    public sealed record RebuildForgotten(long Token);

    /// <summary>The progress of a rebuild.</summary>
    /// <param name="Part">The part of the log that is scanned, 0 to 1.</param>
    /// <param name="RecordsPerSecond">The current rate.</param>
    /// <param name="Eta">The remaining time; null when it is unknown.</param>
    public sealed record RebuildProgress(double Part, double RecordsPerSecond, TimeSpan? Eta);
}
