using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Rebuilds;

namespace Flume.Actors;

/// <summary>Rebuilds views of an identity from its files, while nobody has it open.</summary>
public static class IdentityRebuild
{
    /// <summary>Opens the log and the keys side by side, and derives views anew, on threads of its own.</summary>
    /// <param name="files">The identity's files.</param>
    /// <param name="views">Which views.</param>
    /// <param name="progress">Told now and then: records, and bytes of log read of all.</param>
    /// <param name="cancel">Leaves the old stores in place.</param>
    /// <exception cref="LogException">The log does not open, or a record does not verify.</exception>
    /// <exception cref="SecretFileException">The identity's key pair can't be read.</exception>
    /// <exception cref="IOException">A store is open in another process, or the disk refuses.</exception>
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
            return OfflineRebuild.Run(log, IdentityViews.Format(IdentityKindFile.Read(files), opening.GetAwaiter().GetResult()), files.Views, views, progress, cancel);
        }
        finally
        {
            DedicatedThread.AwaitEnd(opening);
            if (opening.IsCompletedSuccessfully) opening.Result?.Memory?.Dispose();
        }
    }

    private static Unboxer? OpenBoxes(IdentityFiles files)
    {
        if (!File.Exists(files.Secret)) return null;
        FeedKeys keys = SecretFile.Read(files.Secret);
        return new Unboxer(keys, UnboxCache.Open(files.Own, keys));
    }
}
