using System.Diagnostics;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Views.Records;

namespace Flume.Views.Rebuilds;

/// <summary>
/// Rebuilds views of an identity that is not open in any service. The command <c>rebuild</c> uses it, without actors.
/// </summary>
public static class OfflineRebuild
{
    /// <summary>Rebuilds views from the log and promotes the new stores.</summary>
    /// <param name="log">The open log of the identity.</param>
    /// <param name="format">How its records are decoded.</param>
    /// <param name="viewsDirectory">The folder that contains one folder per view.</param>
    /// <param name="views">The views to rebuild.</param>
    /// <param name="progress">Receives progress reports at intervals: records, bytes read and total bytes.</param>
    /// <param name="cancel">Cancels the rebuild. The old stores stay.</param>
    /// <exception cref="IOException">Another process has a store open, or a disk operation fails.</exception>
    public static RebuildReport Run(
        OffsetLog log, RecordFormat format, string viewsDirectory, IReadOnlyList<IView> views,
        IProgress<BulkProgress>? progress = null, CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        if (views.Any(view => view is IOwnStoreView))
            throw new ArgumentException("Views with stores of their own kind are built by OwnRebuild.", nameof(views));
        using NextStores next = new(viewsDirectory, views, "asked for on the command line", format.Reader);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, next.Failed);
        var targets = new BulkTarget[views.Count];
        for (int i = 0; i < targets.Length; i++) targets[i] = new BulkTarget(views[i], next[i]);
        BulkResult result;
        try
        {
            result = BulkIndexer.Run(new BulkRequest(log, format, targets) { Progress = progress }, stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            next.ThrowFailure();
            throw;
        }

        long[] bytes = next.Promote(i => result.Views[i].Failure is null);
        return Report(result, bytes, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>As <c>Run</c>, on dedicated threads.</summary>
    /// <inheritdoc cref="Run"/>
    public static Task<RebuildReport> RunAsync(
        OffsetLog log, RecordFormat format, string viewsDirectory, IReadOnlyList<IView> views,
        IProgress<BulkProgress>? progress = null, CancellationToken cancel = default) =>
        DedicatedThread.Start(() => Run(log, format, viewsDirectory, views, progress, cancel));

    private static RebuildReport Report(BulkResult result, long[] bytes, TimeSpan elapsed)
    {
        var views = new RebuiltView[bytes.Length];
        for (int i = 0; i < views.Length; i++)
        {
            BulkViewResult view = result.Views[i];
            views[i] = new RebuiltView(
                view.View, view.Postings, bytes[i], result.ScanTime, view.SealTime, view.Failure?.Message);
        }

        return new RebuildReport(result.Records, result.Bytes, elapsed, views);
    }
}

/// <summary>The result of a rebuild: one scan for all views.</summary>
/// <param name="Records">Records read.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="Elapsed">The time from the start until the new stores serve reads.</param>
/// <param name="Views">One result per view.</param>
public sealed record RebuildReport(long Records, long Bytes, TimeSpan Elapsed, IReadOnlyList<RebuiltView> Views);

/// <summary>The result for one view.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="Rows">Postings stored.</param>
/// <param name="StoreBytes">Bytes on disk.</param>
/// <param name="ScanTime">The time to read, decode and collect, shared with the other views of the rebuild.</param>
/// <param name="SealTime">The time to sort, pack and ingest this view.</param>
/// <param name="Failure">The cause why the view keeps its old rows, or null.</param>
public sealed record RebuiltView(
    string Name, long Rows, long StoreBytes, TimeSpan ScanTime, TimeSpan SealTime, string? Failure);
