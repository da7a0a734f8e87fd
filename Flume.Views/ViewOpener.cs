using Flume.Log;
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
    /// <param name="view">The current view.</param>
    /// <param name="directory">The folder of the view.</param>
    /// <param name="head">The log's head.</param>
    internal static OpenedView Open(IView view, ViewStoreDirectory directory, Offset head)
    {
        directory.CleanOrphans();
        try
        {
            RocksViewStore? store = directory.OpenCurrent() ?? (head.Value < ShortLogBytes ? Begin(directory) : null);
            return store is null ? new OpenedView(null, RebuildReason.NoRows) : new OpenedView(store, Check(view, store, head));
        }
        catch (StoreDamagedException damage)
        {
            return new OpenedView(null, new RebuildReason(damage.Message, IsNews: true));
        }
    }

    private static RocksViewStore Begin(ViewStoreDirectory directory)
    {
        NextStore empty = directory.CreateNext("its log was short");
        directory.Promote(empty);
        return empty.Store;
    }

    private static RebuildReason? Check(IView view, RocksViewStore store, Offset head)
    {
        Checkpoint at = store.Checkpoint;
        // An empty store is valid for every version.
        if (at.Since.IsSome && at.Version != view.Version)
            return new RebuildReason($"version changed from {at.Version} to {view.Version}", IsNews: true);
        return at.Since > head
            ? new RebuildReason($"its rows reflect offset {at.Since}, beyond the log's head {head}", IsNews: true)
            : null;
    }
}

/// <summary>The state of a view's store after opening.</summary>
/// <param name="Store">The readable store, or null.</param>
/// <param name="Reason">The reason for a rebuild; null when indexing resumes from <paramref name="Store"/>.</param>
internal sealed record OpenedView(RocksViewStore? Store, RebuildReason? Reason);

/// <summary>The reason for a rebuild.</summary>
/// <param name="Text">A sentence with the values that disagree.</param>
/// <param name="IsNews">False for a view that never had rows. No warning is logged then.</param>
internal sealed record RebuildReason(string Text, bool IsNews)
{
    /// <summary>
    /// Steps through 1/16 of a log take about as long as a scan that retains the existing postings (measured).
    /// </summary>
    private const int ScanIsFasterBy = 16;

    /// <summary>Steps process this many bytes before a scan would start.</summary>
    private const long ShortWayBytes = 4 << 20;

    /// <summary>The view never had rows.</summary>
    internal static RebuildReason NoRows { get; } = new("it has no rows yet", IsNews: false);

    /// <summary>Reads slow down because delta postings outnumber base postings.</summary>
    internal static RebuildReason Outgrown(Checkpoint at) => new(
        $"{at.OverlayPostings} live rows outgrew {at.BasePostings} packed ones", IsNews: false);

    /// <summary>The lag is so large that a scan ends before the remaining steps would; null otherwise.</summary>
    internal static RebuildReason? Overtaken(Offset since, long end)
    {
        long behind = end - Math.Max(0, since.Value);
        return behind <= ShortWayBytes || behind < end / ScanIsFasterBy
            ? null
            : new($"{behind} of the log's {end} bytes are left to index", IsNews: false);
    }

    /// <summary>True when the delta postings are many and a large part of all postings.</summary>
    internal static bool HasOutgrown(Checkpoint at) =>
        at.OverlayPostings > 250_000 && at.OverlayPostings > at.BasePostings / 2;
}
