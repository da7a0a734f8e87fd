using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Actors.Protocol;

/// <summary>What a view and the RebuildActor say to each other.</summary>
internal static class RebuildProtocol
{
    /// <summary>
    /// Build a fresh store for a view. Requests that come close together share one scan. Answered by any number of
    /// <see cref="RebuildProgressed"/> and then one of <see cref="Rebuilt"/>, <see cref="RebuildFailed"/>,
    /// <see cref="RebuildForgotten"/>.
    /// </summary>
    /// <param name="View">The view's name; a later request for the same view replaces this one.</param>
    /// <param name="Token">Comes back in every answer, so that the answers of a cancelled rebuild can be told.</param>
    /// <param name="Budget">How much of the machine the scan may use.</param>
    /// <param name="Reason">Why; kept with the store.</param>
    public sealed record RequestRebuild(string View, long Token, IndexBudget Budget, string Reason)
    {
        /// <summary>The first offset that is derived anew, the start of a record; null for all.</summary>
        public Offset? From { get; init; }
    }

    /// <summary>The result is not wanted any more; there is no answer.</summary>
    public sealed record CancelRebuild(string View);

    /// <summary>Keep to another budget from now on.</summary>
    public sealed record SetScanBudget(string View, IndexBudget Budget);

    /// <summary>News from the scan.</summary>
    public sealed record RebuildProgressed(long Token, RebuildProgress Progress);

    /// <summary>A complete store, not serving yet; whoever gets it promotes or abandons it.</summary>
    public sealed record Rebuilt(long Token, NextStore Next, Offset Since);

    /// <summary>There is no new store.</summary>
    public sealed record RebuildFailed(long Token, Exception Cause);

    /// <summary>The RebuildActor is started anew and has forgotten the request: ask again, if it is still wanted.</summary>
    public sealed record RebuildForgotten(long Token);

    /// <summary>How far a rebuild has come.</summary>
    public sealed record RebuildProgress(double Part, double RecordsPerSecond, TimeSpan? Eta);
}
