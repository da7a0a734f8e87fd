using Flume.Log;
using Flume.Log.Primitives;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>
/// Opens a view's store and decides whether indexing can resume from its rows or a rebuild is needed.
/// </summary>
/// <remarks>
/// A store that is damaged, ahead of its log or of another version is rebuilt. If its rows are readable, they serve
/// reads until the rebuild ends.
/// </remarks>
internal static class ViewOpener
{
    /// <summary>
    /// If the last record starts below this offset, indexing by steps ends sooner than a scan starts.
    /// </summary>
    private const long ShortLogBytes = 1 << 20;

    /// <summary>
    /// Deletes the leftovers of a crash and opens the serving store. A view of a short log starts with an empty store.
    /// </summary>
    /// <param name="view">The view as it is now.</param>
    /// <param name="directory">Its folder.</param>
    /// <param name="log">The log that the rows are to be of.</param>
    internal static OpenedView Open(IView view, IViewStoreFactory directory, OffsetLog log)
    {
        Offset head = log.Head;
        directory.CleanOrphans();
        try
        {
            IViewStore? store = directory.OpenCurrent() ?? (head.Value < ShortLogBytes ? Begin(directory) : null);
            return store is null ? new OpenedView(null, RebuildReason.NoRows) : new OpenedView(store, Check(view, store, log) ?? Other(directory, store, head));
        }
        catch (StoreDamagedException damage)
        {
            return new OpenedView(null, new RebuildReason(damage.Message, ShouldReport: true));
        }
    }

    private static IViewStore Begin(IViewStoreFactory directory)
    {
        NextStore empty = directory.CreateNext("its log was short");
        directory.Promote(empty);
        return empty.Store;
    }

    private static RebuildReason? Other(IViewStoreFactory directory, IViewStore store, Offset head) =>
        directory.WhyRebuild(store, head) is { } reason ? new RebuildReason(reason, ShouldReport: true) : null;

    private static RebuildReason? Check(IView view, IViewStore store, OffsetLog log)
    {
        Offset head = log.Head;
        Checkpoint at = store.Checkpoint;
        // An empty store is valid for every version.
        if (at.Since.IsSome && at.Version != view.Version)
            return new RebuildReason($"version changed from {at.Version} to {view.Version}", ShouldReport: true);
        if (at.Since > head)
            return new RebuildReason($"its rows reflect offset {at.Since}, beyond the log's head {head}", ShouldReport: true);
        return LogFingerprint.Disagreement(log, at.Since, at.Fingerprint) is { } other
            ? new RebuildReason(other, ShouldReport: true) { IsOtherLog = true }
            : null;
    }
}

/// <summary>A view's store as it was found.</summary>
/// <param name="Store">What can be read; null when nothing can.</param>
/// <param name="Reason">Why a rebuild is needed; null when indexing goes on from <paramref name="Store"/>.</param>
internal sealed record OpenedView(IViewStore? Store, RebuildReason? Reason);

/// <summary>The reason for a rebuild.</summary>
/// <param name="Text">A sentence with the values that disagree.</param>
/// <param name="ShouldReport">False for a view that never had rows. No warning is logged then.</param>
internal sealed record RebuildReason(string Text, bool ShouldReport)
{
    /// <summary>True when the rows are of another log: they must not answer.</summary>
    public bool IsOtherLog { get; init; }

    /// <summary>
    /// Steps through 1/16 of a log take about as long as a scan that retains the existing postings (measured).
    /// </summary>
    private const int ScanIsFasterBy = 16;

    /// <summary>The same of a view that has to begin anew instead of taking over its rows; measured.</summary>
    private const int FullBuildIsFasterBy = 5;

    /// <summary>So little is caught up before a scan has begun.</summary>
    private const long ShortWayBytes = 4 << 20;

    /// <summary>The view never had rows.</summary>
    internal static RebuildReason NoRows { get; } = new("it has no rows yet", ShouldReport: false);

    /// <summary>Reads slow down because delta postings outnumber base postings.</summary>
    internal static RebuildReason Compaction(Checkpoint at) => new(
        $"{at.OverlayPostings} live rows outgrew {at.BasePostings} packed ones", ShouldReport: false);

    /// <summary>The rows are so far behind that a scan is done sooner than the steps that are left; null when they are not.</summary>
    internal static RebuildReason? TooFarBehind(IView view, Offset since, long end)
    {
        int by = view is IOwnStoreView ? FullBuildIsFasterBy : ScanIsFasterBy;
        long behind = end - Math.Max(0, since.Value);
        return behind <= ShortWayBytes || behind < end / by
            ? null
            : new($"{behind} of the log's {end} bytes are left to index", ShouldReport: false);
    }

    /// <summary>True when the delta postings are many and a large part of all postings.</summary>
    internal static bool NeedsCompaction(Checkpoint at) =>
        at.OverlayPostings > 250_000 && at.OverlayPostings > at.BasePostings / 2;
}
