using System.Diagnostics;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>Rebuilds a view that builds its store by itself, of an identity that is not open in any service.</summary>
public static class OwnRebuild
{
    /// <summary>Builds the view's store anew and promotes it; the old one stays until then.</summary>
    /// <param name="view">The view.</param>
    /// <param name="place">Where its stores lie, and whose they are.</param>
    /// <param name="build">The log, and how it is read.</param>
    /// <param name="cancel">Cancels the rebuild. The old store stays.</param>
    /// <exception cref="IOException">A disk operation fails.</exception>
    public static RebuiltView Run(IOwnStoreView view, ViewStorePlace place, ViewBuild build, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        using IViewStoreFactory stores = view.StoresIn(place);
        stores.CleanOrphans();
        NextStore next = stores.CreateNext("asked for on the command line");
        try
        {
            view.Build(next.Store, build, cancel);
        }
        catch
        {
            stores.Abandon(next);
            throw;
        }

        stores.Promote(next);
        Checkpoint at = next.Store.Checkpoint;
        long bytes = next.Store.SizeBytes;
        stores.CleanOrphans();
        return new RebuiltView(view.Name, at.BasePostings, bytes, Stopwatch.GetElapsedTime(start), TimeSpan.Zero, null);
    }
}
