using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The result of opening the serving store of a view.</summary>
/// <param name="Store">The rows; empty when none were found.</param>
/// <param name="IsUsable">True when the rows can follow the log.</param>
/// <param name="PendingRebuild">
/// The reason of the required rebuild, with the values; null when none is required.
/// </param>
internal sealed record ViewStoreOpening(IViewStore Store, bool IsUsable, string? PendingRebuild)
{
    /// <summary>
    /// True when the process log reports the rebuild: not for a first build, and only once per store.
    /// </summary>
    public bool ShouldReport { get; init; }
}
