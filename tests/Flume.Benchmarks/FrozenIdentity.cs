using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.Benchmarks;

/// <summary>An identity that is read alone: a log and its views as they are on disk, without actors.</summary>
internal sealed class FrozenIdentity : IIdentity, IDisposable
{
    private readonly Dictionary<string, ViewStoreDirectory> _stores = new(StringComparer.Ordinal);

    private FrozenIdentity(OffsetLog log, FeedKeys keys, Unboxer boxes) => (Log, Keys, Boxes) = (log, keys, boxes);

    public string Name => "frozen";

    public FeedPublisher Publisher => field ??= new(this, TimeProvider.System);

    public IdentityServices Services { get; } = new();

    public FeedKeys? Keys { get; }

    public OffsetLog Log { get; }

    public ViewCatalog Views => SsbViews.Catalog;

    public Unboxer? Boxes { get; }

    /// <summary>Opens a directory; views that are missing or behind are built first.</summary>
    public static async Task<FrozenIdentity> OpenAsync(string directory)
    {
        OffsetLog log = OffsetLog.Open(Path.Combine(directory, "log.offset"), new LogOptions { ReadOnly = true, Map = true });
        FeedKeys keys = SecretFile.Read(Path.Combine(directory, "secret"));
        FrozenIdentity identity = new(log, keys, new Unboxer(keys, UnboxCache.Open(directory, keys)));
        string views = Path.Combine(directory, "views");
        if (identity.TryOpen(views)) return identity;
        await OfflineRebuild.RunAsync(log, new SsbFormat(identity.Boxes), views, identity.Views.Views);
        return identity.TryOpen(views) ? identity : throw new IOException($"The views in {views} could not be built.");
    }

    public ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default)
    {
        Views.Get(view);
        return new ValueTask<ViewRead>(new ViewRead(_stores[view].Current!.OpenReader(), ViewState.Live));
    }

    public ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default) =>
        throw ReadsAlone();

    public ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default) =>
        Log.WaitForHeadAsync(beyond, cancel);

    public ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask ReopenLogAsync(CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        throw ReadsAlone();

    public ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default) => throw ReadsAlone();

    public ValueTask<CommandOutcome> BudgetAsync(ViewSelection views, IndexBudget budget, CancellationToken cancel = default) =>
        throw ReadsAlone();

    public void Dispose()
    {
        foreach (ViewStoreDirectory store in _stores.Values) store.Dispose();
        Log.Dispose();
    }

    private bool TryOpen(string views)
    {
        StoreResources resources = new(new StoreLimits());
        foreach (IView view in Views.Views)
        {
            ViewStoreDirectory store = new(Path.Combine(views, view.Name), view.Name, resources);
            Checkpoint? at = store.OpenCurrent()?.Checkpoint;
            _stores[view.Name] = store;
            if (at is not null && at.Since == Log.Head && at.Version == view.Version) continue;
            foreach (ViewStoreDirectory open in _stores.Values) open.Dispose();
            _stores.Clear();
            return false;
        }
        return true;
    }

    private static NotSupportedException ReadsAlone() => new("A frozen identity can only be read.");
}
