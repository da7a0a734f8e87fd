using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Store;
using Xunit;

namespace Flume.TestKit;

/// <summary>An identity without actors. Every read first indexes up to the head, in memory or on disk.</summary>
internal sealed class LocalIdentity : IIdentity, IDisposable
{
    private readonly string _directory;
    private readonly StoreResources _resources = new(new StoreLimits());
    private readonly DecodedBatches _runs;
    private readonly Dictionary<string, Kept> _views = new(StringComparer.Ordinal);

    private sealed record Kept(ViewStoreDirectory Directory, ViewIndexer Indexer);

    /// <summary>Copies a log and optional keys, and builds all views in bulk.</summary>
    internal LocalIdentity(string directory, string log, FeedKeys? keys, ViewCatalog? views = null)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "log.offset");
        if (!File.Exists(path) && log.Length > 0) File.Copy(log, path);
        Log = OffsetLog.Open(path);
        Keys = keys;
        Boxes = keys is null ? null : new Unboxer(keys);
        Views = views ?? SsbViews.Catalog;
        _runs = new DecodedBatches(Log, new SsbFormat(Boxes));
        Rebuild();
    }

    public string Name => "local";

    public FeedPublisher Publisher => field ??= new(this, TimeProvider.System);

    public IdentityServices Services { get; } = new();

    public FeedKeys? Keys { get; }

    public OffsetLog Log { get; }

    public ViewCatalog Views { get; }

    public Unboxer? Boxes { get; }

    /// <summary>True if rows of deleted messages stay until a rebuild, as in the service.</summary>
    internal bool KeepsRows { get; set; }

    /// <summary>Rebuilds every view and promotes the new stores.</summary>
    internal void Rebuild()
    {
        List<(ViewStoreDirectory Directory, NextStore Next)> next = [];
        foreach (IView view in Views.Views)
        {
            ViewStoreDirectory directory = _views.TryGetValue(view.Name, out Kept? kept) ? kept.Directory
                : new ViewStoreDirectory(Path.Combine(_directory, "views", view.Name), view.Name, _resources);
            next.Add((directory, directory.CreateNext("test")));
        }
        IEnumerable<BulkTarget> targets = Views.Views.Select(
            (view, i) => new BulkTarget(view, (RocksViewStore)next[i].Next.Store));
        BulkRequest request = new(Log, new SsbFormat(Boxes), [.. targets]);
        BulkResult result = BulkIndexer.RunAsync(request).GetAwaiter().GetResult();
        Assert.All(result.Views, view => Assert.Null(view.Failure));
        for (int i = 0; i < next.Count; i++)
        {
            (ViewStoreDirectory directory, NextStore store) = next[i];
            directory.Promote(store);
            _views[Views.Views[i].Name] = new Kept(directory, new ViewIndexer(Views.Views[i], directory.Current!));
        }
    }

    public ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default)
    {
        Views.Get(view);
        Kept kept = _views[view];
        lock (kept)
        {
            while (_runs.Take(kept.Indexer.Since, new RunLimits(256, 1 << 20)) is { } run)
            {
                using (run) kept.Indexer.Step(run);
            }
            IViewReader reader = kept.Directory.Current!.OpenReader();
            return new ValueTask<ViewRead>(new ViewRead(reader, ViewState.Live, null));
        }
    }

    public ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default)
    {
        AppendResult result = Log.Append([.. payloads], terms.Durability);
        return new ValueTask<Appended>(new Appended(result.Offsets, result.Head));
    }

    public ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default) =>
        Log.WaitForHeadAsync(beyond, cancel);

    public async ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default)
    {
        await Publisher.ThrowIfNewestAsync(offset, cancel);
        Log.Delete(offset, Durability.Os);
        if (!KeepsRows) Rebuild();
    }

    public ValueTask ReopenLogAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default) =>
        new([.. Views.Views.Select(view => new ViewStatus
        {
            Name = view.Name, Version = view.Version, State = ViewState.Live, Since = _views[view.Name].Indexer.Since,
            Head = Log.Head, Lag = new ViewLag(0, 0, 0),
        })]);

    public ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default)
    {
        Rebuild();
        return new ValueTask<CommandOutcome>(new CommandOutcome([]));
    }

    public ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    public ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    public ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    public ValueTask<CommandOutcome> BudgetAsync(
        ViewSelection views, IndexBudget budget, CancellationToken cancel = default) => throw new NotSupportedException();

    public void Dispose()
    {
        foreach (Kept kept in _views.Values) kept.Directory.Dispose();
        Log.Dispose();
    }
}
