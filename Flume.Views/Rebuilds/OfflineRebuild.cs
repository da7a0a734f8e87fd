using System.Diagnostics;
using Flume.Log.Primitives;
using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Rebuilds;

/// <summary>
/// Rebuilds views of an identity that no service has open: the command line's <c>rebuild</c>, no actors.
/// </summary>
public static class OfflineRebuild
{
    /// <summary>Drops and rebuilds views from the log, and makes the new stores the serving ones.</summary>
    /// <param name="log">The identity's log, open.</param>
    /// <param name="format">How its records are decoded.</param>
    /// <param name="viewsDirectory">The folder with one folder a view.</param>
    /// <param name="views">Which views.</param>
    /// <param name="progress">Told now and then: records, and bytes of log read of all.</param>
    /// <param name="cancel">Leaves the old stores in place.</param>
    /// <exception cref="IOException">A store is open in another process, or the disk refuses.</exception>
    public static RebuildReport Run(
        OffsetLog log, RecordFormat format, string viewsDirectory, IReadOnlyList<IView> views,
        IProgress<BulkProgress>? progress = null, CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        using NextStores next = new(viewsDirectory, views, "asked for on the command line");
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

    /// <summary>The same, on threads of its own.</summary>
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

/// <summary>What a rebuild did: one scan for all views.</summary>
/// <param name="Records">Records read.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="Elapsed">From the start until the new stores serve.</param>
/// <param name="Views">One result a view.</param>
public sealed record RebuildReport(long Records, long Bytes, TimeSpan Elapsed, IReadOnlyList<RebuiltView> Views);

/// <summary>What became of one view.</summary>
/// <param name="Name">The view's name.</param>
/// <param name="Rows">Postings stored.</param>
/// <param name="StoreBytes">Bytes on disk.</param>
/// <param name="ScanTime">Reading, decoding and collecting, shared with the other views of the same rebuild.</param>
/// <param name="SealTime">Sorting, packing and ingesting this view.</param>
/// <param name="Failure">Why it kept its old rows, or null.</param>
public sealed record RebuiltView(
    string Name, long Rows, long StoreBytes, TimeSpan ScanTime, TimeSpan SealTime, string? Failure);
