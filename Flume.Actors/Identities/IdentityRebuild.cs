using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Rebuilds views of an identity from its files while no process has it open.</summary>
public static class IdentityRebuild
{
    /// <summary>Opens the log and the keys in parallel and derives all rows of views, on its own threads.</summary>
    /// <param name="files">The identity's files.</param>
    /// <param name="views">The views.</param>
    /// <param name="progress">Receives the progress: records, and bytes read of all bytes of the log.</param>
    /// <param name="cancel">Cancels the rebuild; the old stores stay.</param>
    /// <exception cref="LogException">The log can't be opened, or a record does not verify.</exception>
    /// <exception cref="SecretFileException">The identity's key pair can't be read.</exception>
    /// <exception cref="IOException">Another process has a store open, or the disk fails.</exception>
    public static Task<RebuildReport> RunAsync(
        IdentityFiles files, IReadOnlyList<IView> views, IProgress<BulkProgress>? progress = null,
        CancellationToken cancel = default) => DedicatedThread.Start(() => Run(files, views, progress, cancel));

    private static RebuildReport Run(
        IdentityFiles files, IReadOnlyList<IView> views, IProgress<BulkProgress>? progress, CancellationToken cancel)
    {
        Task<Unboxer?> opening = DedicatedThread.Start(() => OpenBoxes(files));
        try
        {
            using OffsetLog log = OffsetLog.Open(files.Log);
            RecordFormat format = IdentityViews.Format(IdentityKindFile.Read(files), opening.GetAwaiter().GetResult());
            IOwnStoreView[] own = [.. views.OfType<IOwnStoreView>()];
            IView[] others = [.. views.Where(view => view is not IOwnStoreView)];
            RebuildReport report = others.Length > 0 || own.Length == 0
                ? OfflineRebuild.Run(log, format, files.Views, others, progress, cancel)
                : new RebuildReport(0, 0, TimeSpan.Zero, []);
            foreach (IOwnStoreView view in own)
                report = With(report, Build(view, (files, log, format), progress, cancel));
            return report;
        }
        finally
        {
            DedicatedThread.AwaitEnd(opening);
            if (opening.IsCompletedSuccessfully) opening.Result?.Memory?.Dispose();
        }
    }

    private static RebuildReport Build(
        IOwnStoreView view, (IdentityFiles Files, OffsetLog Log, RecordFormat Format) of,
        IProgress<BulkProgress>? progress, CancellationToken cancel)
    {
        var counted = new Counted(progress);
        string? feed = File.Exists(of.Files.Secret) ? SecretFile.Read(of.Files.Secret).Id : null;
        ViewStorePlace place = new(Path.Combine(of.Files.Views, view.Name))
        {
            Feed = feed, Log = () => of.Log, Format = () => of.Format,
        };
        RebuiltView built = OwnRebuild.Run(
            view, place, new ViewBuild(of.Log, of.Format) { Progress = counted }, cancel);
        return new RebuildReport(counted.Last.Records, counted.Last.Bytes, built.ScanTime, [built]);
    }

    private static RebuildReport With(RebuildReport report, RebuildReport more) => new(
        Math.Max(report.Records, more.Records), Math.Max(report.Bytes, more.Bytes), report.Elapsed + more.Elapsed,
        [.. report.Views, .. more.Views]);

    private static Unboxer? OpenBoxes(IdentityFiles files)
    {
        if (!File.Exists(files.Secret)) return null;
        FeedKeys keys = SecretFile.Read(files.Secret);
        return new Unboxer(keys, UnboxCache.Open(files.Own, keys));
    }

    private sealed class Counted(IProgress<BulkProgress>? to) : IProgress<BulkProgress>
    {
        public BulkProgress Last { get; private set; }

        public void Report(BulkProgress value)
        {
            Last = value;
            to?.Report(value);
        }
    }
}
