using System.Diagnostics;
using Flume.Codec.Messages;
using Flume.Log;
using Flume.Store;

namespace Flume.Views.Bulk;

/// <summary>
/// Rebuilds views of an identity that no service has open: the command line's <c>rebuild</c>, no actors.
/// </summary>
public static class OfflineRebuild
{
    /// <summary>Drops and rebuilds views from the log, and makes the new stores the serving ones.</summary>
    /// <param name="log">The identity's log, open.</param>
    /// <param name="boxes">Opens its private messages; null leaves them closed.</param>
    /// <param name="viewsDirectory">The folder with one folder a view.</param>
    /// <param name="views">Which views.</param>
    /// <param name="progress">Told now and then: records, and bytes of log read of all.</param>
    /// <param name="cancel">Leaves the old stores in place.</param>
    /// <exception cref="IOException">A store is open in another process, or the disk refuses.</exception>
    public static async Task<RebuildReport> RunAsync(
        OffsetLog log, BoxOpener? boxes, string viewsDirectory, IReadOnlyList<IView> views,
        IProgress<BulkProgress>? progress = null, CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        StoreResources resources = new(new StoreLimits());
        ViewDirectory[] directories = [.. views.Select(view =>
            new ViewDirectory(Path.Combine(viewsDirectory, view.Name), view.Name, resources))];
        NextStore?[] next = new NextStore?[views.Count];
        try
        {
            await OnEach(views, i =>
            {
                directories[i].CleanOrphans();
                next[i] = directories[i].CreateNext("asked for on the command line");
            }).ConfigureAwait(false);
            BulkRequest request = new(log, boxes, [.. views.Select((view, i) => new BulkTarget(view, next[i]!.Store))])
            {
                Progress = progress,
            };
            BulkResult result = await BulkIndexer.RunAsync(request, cancel).ConfigureAwait(false);
            await OnEach(views, i =>
            {
                if (result.Views[i].Failure is null) directories[i].Promote(next[i]!);
                else directories[i].Abandon(next[i]!);
                directories[i].CleanOrphans(); // the store that served before was not open here: it goes by its name
            }).ConfigureAwait(false);
            return Report(result, directories, Stopwatch.GetElapsedTime(start));
        }
        catch
        {
            for (int i = 0; i < next.Length; i++)
                if (next[i] is { } store && store.Store != directories[i].Current) directories[i].Abandon(store);
            throw;
        }
        finally
        {
            await OnEach(views, i => directories[i].Dispose()).ConfigureAwait(false);
        }
    }

    /// <summary>Does the same for each view, all at once: opening and promoting stores is mostly waiting.</summary>
    private static Task OnEach(IReadOnlyList<IView> views, Action<int> work) =>
        Task.WhenAll(views.Select((_, i) => Task.Factory.StartNew(
            () => work(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static RebuildReport Report(BulkResult result, ViewDirectory[] directories, TimeSpan elapsed) => new(
        result.Records, result.Bytes, elapsed,
        [.. result.Views.Select((view, i) => new RebuiltView(view.View, view.Postings,
            view.Failure is null ? directories[i].Current!.SizeBytes : 0, result.ScanTime, view.SealTime,
            view.Failure?.Message))]);
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
