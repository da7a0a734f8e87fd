using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Tools.Generate;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Store;
using Xunit;

namespace Flume.Ssb.Tests.Views.Bulk;

/// <summary>One bulk scan produces the same rows as record-by-record indexing, for all settings.</summary>
public sealed class BulkIndexerTests : IClassFixture<BulkIndexerTests.SomeLog>, IDisposable
{
    private readonly SomeLog _given;
    private readonly TemporaryFolder _folder = new();
    private readonly StoreResources _resources = new(new StoreLimits(BlockCacheBytes: 1 << 20));
    private int _stores;

    public BulkIndexerTests(SomeLog given) => _given = given;

    public void Dispose() => _folder.Dispose();

    /// <summary>A log of several batches with private and unusual records, and the digests of its views.</summary>
    public sealed class SomeLog : IDisposable
    {
        private readonly GeneratedLog _log = new();

        public SomeLog()
        {
            GenerateResult made = _log.Make(
                new GenerateOptions { Messages = 12_000, Authors = 60, Seed = 11, Poison = true });
            Log = OffsetLog.Open(_log.PathOf("log.offset"), new LogOptions { ReadOnly = true });
            Boxes = new Unboxer(made.Identity);
            Expected = SsbViews.Catalog.Views.ToDictionary(view => view.Name, Indexed);
        }

        public OffsetLog Log { get; }

        public Unboxer Boxes { get; }

        internal Dictionary<string, StoreDigest> Expected { get; }

        public void Dispose()
        {
            Log.Dispose();
            _log.Dispose();
        }

        private StoreDigest Indexed(IView view)
        {
            using var store = new MemoryViewStore();
            var indexer = new ViewIndexer(view, store);
            var runs = new DecodedBatches(Log, new SsbFormat(Boxes));
            while (runs.Take(indexer.Since, new RunLimits(1000, 1 << 20)) is { } run)
                using (run) indexer.Step(run);
            using IViewReader reader = store.OpenReader();
            return StoreDump.Digest(reader);
        }
    }

    private List<BulkTarget> Targets(IEnumerable<IView> views) =>
        [.. views.Select(view => new BulkTarget(
            view, RocksViewStore.Open(_folder[$"{view.Name}-{_stores++}"], view.Name, _resources)))];

    private async Task<BulkResult> AssertBuildsTheSame(Func<BulkRequest, BulkRequest> with)
    {
        List<BulkTarget> targets = Targets(SsbViews.Catalog.Views);
        BulkResult result = await BulkIndexer.RunAsync(with(new BulkRequest(_given.Log, new SsbFormat(_given.Boxes), targets)));
        foreach (BulkTarget target in targets)
        {
            using (IViewReader reader = target.Store.OpenReader())
                Assert.Equal(_given.Expected[target.View.Name], StoreDump.Digest(reader));
            Assert.Equal(_given.Log.Head, target.Store.Checkpoint.Since);
            Assert.False(Directory.Exists(Path.Combine(target.Store.Folder, "bulk")));
            target.Store.Dispose();
        }

        return result;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Any_number_of_threads_builds_what_record_by_record_indexing_builds(int degree)
    {
        BulkResult result = await AssertBuildsTheSame(request => request with { Degree = degree });

        Assert.Equal(12_000, result.Records);
        Assert.Equal(_given.Log.EndPosition, result.Bytes);
        Assert.All(result.Views, view => Assert.Null(view.Failure));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 200_000)]
    [InlineData(2, 3_000_000)]
    public async Task Memory_for_few_postings_builds_the_same_from_runs_on_disk(int degree, long bytes)
    {
        var spilled = new Spills(_folder);

        await AssertBuildsTheSame(request => request with { Degree = degree, MemoryBytes = bytes, Progress = spilled });

        Assert.True(spilled.Seen > 0, "nothing was set aside on disk");
    }

    [Fact]
    public async Task A_share_of_the_time_builds_the_same() =>
        await AssertBuildsTheSame(request => request with { Share = () => 0.7 });

    [Fact]
    public Task From_an_offset_on_it_keeps_the_rows_before_it_and_derives_the_others() => TestSeed.RunAsync(4, async random =>
    {
        List<Offset> offsets = Offsets();
        var from = offsets[random.Next(offsets.Count)];
        List<BulkTarget> serving = Targets(SsbViews.Catalog.Views.Select(view => new WrongFrom(view, from)));
        await BulkIndexer.RunAsync(new BulkRequest(_given.Log, new SsbFormat(_given.Boxes), serving));

        var total = new LastTotal();
        await AssertBuildsTheSame(request => request with
        {
            Degree = random.Next(1, 4),
            MemoryBytes = random.Next(2) == 0 ? 200_000 : 96 << 20,
            Views = [.. request.Views.Zip(serving, (next, old) =>
                next with { Keep = () => new RetainedPostings(old.Store.OpenReader(), from) })],
            Progress = total,
        });

        Assert.Equal(_given.Log.EndPosition - from.Value, total.Bytes);
        foreach (BulkTarget target in serving) target.Store.Dispose();
    });

    private List<Offset> Offsets()
    {
        List<Offset> offsets = [];
        using var run = new RecordBatch();
        var scanner = new LogScanner(_given.Log, Offset.None, _given.Log.Head);
        while (scanner.ReadRun(run))
            foreach (RunRecord record in run.Records) offsets.Add(record.Offset);
        return offsets;
    }

    [Fact]
    public async Task A_view_that_throws_fails_alone()
    {
        List<BulkTarget> targets = Targets([new Failing(at: 5000), SsbViews.Catalog.Get("feeds")]);

        BulkResult result = await BulkIndexer.RunAsync(new BulkRequest(_given.Log, new SsbFormat(_given.Boxes), targets));

        Assert.IsType<InvalidOperationException>(result.Views[0].Failure!.InnerException);
        Assert.Equal(Checkpoint.Empty, targets[0].Store.Checkpoint);
        using IViewReader reader = targets[1].Store.OpenReader();
        Assert.Equal(_given.Expected["feeds"], StoreDump.Digest(reader));
        foreach (BulkTarget target in targets) target.Store.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Cancelled_at_any_report_it_leaves_empty_stores_and_no_files(int reports)
    {
        using CancellationTokenSource stop = new();
        List<BulkTarget> targets = Targets(SsbViews.Catalog.Views);
        BulkRequest request = new(_given.Log, new SsbFormat(_given.Boxes), targets) { Progress = new StopAfter(reports, stop) };
        if (reports == 0) stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BulkIndexer.RunAsync(request, stop.Token));

        foreach (BulkTarget target in targets)
        {
            Assert.Equal(Checkpoint.Empty, target.Store.Checkpoint);
            Assert.False(Directory.Exists(Path.Combine(target.Store.Folder, "bulk")));
            target.Store.Dispose();
        }
    }

    [Fact]
    public async Task A_rebuild_leaves_one_store_a_view()
    {
        string views = _folder["views"];
        for (int round = 0; round < 2; round++)
            await OfflineRebuild.RunAsync(_given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views);

        Assert.All(Directory.GetDirectories(views), view => Assert.Single(Directory.GetDirectories(view, "store-*")));
    }

    [Fact]
    public async Task A_rebuild_that_is_cancelled_keeps_the_old_stores_and_leaves_no_others()
    {
        string views = _folder["views"];
        await OfflineRebuild.RunAsync(_given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views);
        string[] before = [.. Directory.GetDirectories(views, "store-*", SearchOption.AllDirectories).Order()];
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OfflineRebuild.RunAsync(
            _given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views, new StopAfter(2, stop), stop.Token));

        Assert.Equal(before, Directory.GetDirectories(views, "store-*", SearchOption.AllDirectories).Order());
        using var feeds = new ViewStoreDirectory(Path.Combine(views, "feeds"), "feeds", _resources);
        using IViewReader reader = feeds.OpenCurrent()!.OpenReader();
        Assert.Equal(_given.Expected["feeds"], StoreDump.Digest(reader));
    }

    [Fact]
    public async Task A_store_that_does_not_open_ends_a_rebuild_and_the_old_rows_stay()
    {
        string views = _folder["views"], blocked = Path.Combine(views, "links");
        await OfflineRebuild.RunAsync(_given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views);
        string[] before = [.. Directory.GetDirectories(views, "store-*", SearchOption.AllDirectories).Order()];
        string kept = Directory.GetDirectories(blocked, "store-*").Single();
        // A file already exists at the next store's path.
        string next = Path.Combine(blocked, $"store-{int.Parse(Path.GetFileName(kept)[6..]) + 1:D6}");
        await File.WriteAllTextAsync(next, "");

        await Assert.ThrowsAsync<IOException>(
            () => OfflineRebuild.RunAsync(_given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views));

        Assert.Equal(before, Directory.GetDirectories(views, "store-*", SearchOption.AllDirectories).Order());
        File.Delete(next);
        RebuildReport report = await OfflineRebuild.RunAsync(_given.Log, new SsbFormat(_given.Boxes), views, SsbViews.Catalog.Views);
        Assert.All(report.Views, view => Assert.Null(view.Failure));
    }

    private sealed class StopAfter(int reports, CancellationTokenSource stop) : IProgress<BulkProgress>
    {
        private int _left = reports;

        public void Report(BulkProgress value)
        {
            if (Interlocked.Decrement(ref _left) == 0) stop.Cancel();
        }
    }

    private sealed class LastTotal : IProgress<BulkProgress>
    {
        private long _bytes;

        public long Bytes => Volatile.Read(ref _bytes);

        public void Report(BulkProgress value) => Volatile.Write(ref _bytes, value.BytesTotal);
    }

    /// <summary>Writes other rows from some offset on.</summary>
    private sealed class WrongFrom(IView view, Offset from) : IView
    {
        public string Name => view.Name;

        public int Version => view.Version;

        public void Apply(DecodedRecord message, RowSink rows)
        {
            if (message.Offset < from) view.Apply(message, rows);
            else rows.Post((byte)(message.Offset.Value % 3 * 100), 3, 4);
        }
    }

    private sealed class Spills(TemporaryFolder folder) : IProgress<BulkProgress>
    {
        public int Seen { get; private set; }

        public void Report(BulkProgress value)
        {
            if (value.Phase == BulkPhase.Sealing)
                Seen += Directory.GetFiles(folder.Root, "run-*", SearchOption.AllDirectories).Length;
        }
    }

    private sealed class Failing(int at) : IView
    {
        private int _seen;

        public string Name => "failing";

        public int Version => 1;

        public void Apply(DecodedRecord message, RowSink rows)
        {
            rows.Post(1, 2, 3);
            if (Interlocked.Increment(ref _seen) == at) throw new InvalidOperationException("a bug");
        }
    }
}
