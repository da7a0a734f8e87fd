using Flume.Log;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>
/// Opens a view's store and says whether its rows can be gone on from, or must be built afresh, and why.
/// </summary>
/// <remarks>
/// Never repairs by guessing: a store of another version, one that is ahead of its log, or one that does not open is
/// replaced by a rebuild. Where its rows can still be read they go on answering until then.
/// </remarks>
internal static class ViewOpener
{
    /// <summary>A log whose last record starts below this is indexed by steps before a scan of it would have begun.</summary>
    private const long ShortLogBytes = 1 << 20;

    /// <summary>
    /// Opens what serves, after removing what a crash left behind; a view of a short log begins with empty rows.
    /// </summary>
    /// <param name="view">The view as it is now.</param>
    /// <param name="directory">Its folder.</param>
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
        // Rows of nothing are rows of any version.
        if (at.Since.IsSome && at.Version != view.Version)
            return new RebuildReason($"version changed from {at.Version} to {view.Version}", IsNews: true);
        return at.Since > head
            ? new RebuildReason($"its rows reflect offset {at.Since}, beyond the log's head {head}", IsNews: true)
            : null;
    }
}

/// <summary>A view's store as it was found.</summary>
/// <param name="Store">What can be read; null when nothing can.</param>
/// <param name="Reason">Why a rebuild is needed; null when indexing goes on from <paramref name="Store"/>.</param>
internal sealed record OpenedView(RocksViewStore? Store, RebuildReason? Reason);

/// <summary>Why a view is built afresh.</summary>
/// <param name="Text">In words, with the values that disagree.</param>
/// <param name="IsNews">False for a view that never had rows: nothing to warn of.</param>
internal sealed record RebuildReason(string Text, bool IsNews)
{
    /// <summary>
    /// To take over the rows and scan what is left takes about as long as steps through this part of the log; measured.
    /// </summary>
    private const int ScanIsFasterBy = 16;

    /// <summary>So little is caught up before a scan has begun.</summary>
    private const long ShortWayBytes = 4 << 20;

    /// <summary>A view that never had rows.</summary>
    internal static RebuildReason NoRows { get; } = new("it has no rows yet", IsNews: false);

    /// <summary>Rows added one by one outnumber the packed ones, so that reads pay for it.</summary>
    internal static RebuildReason Outgrown(Checkpoint at) => new(
        $"{at.OverlayPostings} live rows outgrew {at.BasePostings} packed ones", IsNews: false);

    /// <summary>The rows are so far behind that a scan is done sooner than the steps that are left; null when they are not.</summary>
    internal static RebuildReason? Overtaken(Offset since, long end)
    {
        long behind = end - Math.Max(0, since.Value);
        return behind <= ShortWayBytes || behind < end / ScanIsFasterBy
            ? null
            : new($"{behind} of the log's {end} bytes are left to index", IsNews: false);
    }

    /// <summary>True when repacking pays: live rows are many, and a good part of all.</summary>
    internal static bool HasOutgrown(Checkpoint at) =>
        at.OverlayPostings > 250_000 && at.OverlayPostings > at.BasePostings / 2;
}
