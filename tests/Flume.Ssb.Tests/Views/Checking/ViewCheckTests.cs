using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Indexing;
using Flume.Views.Records;
using Flume.Views.Store;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Views.Checking;

public sealed class ViewCheckTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names { get; } = new(SsbViews.Catalog.Views.Select(view => view.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_that_grew_and_rows_that_were_rebuilt_agree_with_the_log(string name)
    {
        IView view = SsbViews.Catalog.Get(name);
        using HostileLog log = new(output, appendLater: true);
        using StoreFolder store = new(view);
        store.Rebuild(log.Log, log.Boxes);
        log.AppendRest();
        AssertAgrees(await CheckAsync(view, store, log)); // its since is not the head
        log.Grow(new ViewIndexer(view, store.Store), log.Log.Head);

        ViewCheckReport full = AssertAgrees(await CheckAsync(view, store, log));
        Assert.True(full.IsFull);
        Assert.Equal(store.Digest().Postings, full.Rows);
        Assert.Equal(log.Log.CountRecords(), full.Records);
        AssertAgrees(await CheckAsync(view, store, log, new ViewCheckOptions { Sample = 100 }));
    }

    [Theory]
    [InlineData(RowFault.Missing)]
    [InlineData(RowFault.Extra)]
    [InlineData(RowFault.Changed)]
    public async Task One_wrong_row_is_found_with_its_place(RowFault fault)
    {
        IView view = SsbViews.Catalog.Get("query");
        using HostileLog log = new(output);
        using StoreFolder store = new(view);
        (LyingView lying, Offset at) = Grow(view, store, log, fault);
        Assert.True(lying.Lied);

        ViewCheckReport full = await CheckAsync(view, store, log);
        Assert.False(full.Agrees);
        RowDifference found = Assert.Single(full.Differences);
        Assert.Equal((fault, at.Value), (found.Fault, found.Offset));
        Assert.Equal(fault == RowFault.Extra, found.Expected is null);
        Assert.Equal(fault == RowFault.Missing, found.Found is null);

        ViewCheckReport sampled = await CheckAsync(view, store, log, new ViewCheckOptions { Sample = 1_000_000 });
        Assert.Equal(full.Differences, sampled.Differences);
        Assert.Equal((0d, 0d), (sampled.RecordsBound, sampled.RowsBound));
    }

    [Fact]
    public async Task A_row_of_no_record_is_found()
    {
        IView view = SsbViews.Catalog.Get("feeds");
        using HostileLog log = new(output);
        using StoreFolder store = new(view);
        ViewIndexer indexer = new(view, store.Store);
        log.Grow(indexer, log.SomeMessage());
        Offset before = indexer.Since;
        Offset next = log.Log.Next(before);
        ViewBatch batch = store.Store.NewBatch();
        batch.Offset = before.Value + 1; // inside the record at since
        batch.Post(7, 1, 2);
        store.Store.Commit(batch, store.Store.Checkpoint with { Since = next });

        ViewCheckReport full = await CheckAsync(view, store, log);
        Assert.Contains(full.Differences, row => row.Fault == RowFault.Extra && row.Offset == before.Value + 1);
        ViewCheckReport sampled = await CheckAsync(view, store, log, new ViewCheckOptions { Sample = 1_000_000 });
        Assert.Contains(sampled.Differences, row => row.Fault == RowFault.Extra && row.Offset == before.Value + 1);
    }

    [Fact]
    public async Task A_store_of_another_log_is_told_in_words()
    {
        IView view = SsbViews.Catalog.Get("feeds");
        using HostileLog log = new(output), other = new(output, appendLater: true);
        using StoreFolder store = new(view);
        store.Rebuild(log.Log, log.Boxes);

        ViewCheckReport beyond = await CheckAsync(view, store, other);
        Assert.Contains("beyond the log's head", Assert.Single(beyond.Faults));
        ViewCheckReport older = await CheckAsync(new NewerView(view), store, log);
        Assert.Contains("needs a rebuild", Assert.Single(older.Faults));
    }

    [Fact]
    public async Task Plain_rows_are_compared_by_what_the_latest_record_left()
    {
        PlainView view = new();
        using HostileLog log = new(output);
        using StoreFolder store = new(view);
        store.Rebuild(log.Log, log.Boxes);
        AssertAgrees(await CheckAsync(view, store, log));

        ViewBatch batch = store.Store.NewBatch();
        batch.Offset = log.Log.Head.Value;
        batch.Put("extra"u8, "x"u8);
        batch.Put("count"u8, "wrong"u8);
        batch.Remove("last"u8);
        store.Store.Commit(batch, store.Store.Checkpoint);
        ViewCheckReport report = await CheckAsync(view, store, log);
        Assert.Equal(
            [RowFault.Changed, RowFault.Extra, RowFault.Missing], report.Differences.Select(row => row.Fault).Order(ByName));
    }

    [Fact]
    public async Task A_store_that_is_wrong_all_over_is_told_within_bounds()
    {
        IView view = SsbViews.Catalog.Get("hashmap");
        using HostileLog log = new(output);
        using StoreFolder store = new(view);
        store.Store.Commit(
            store.Store.NewBatch(), Checkpoint.At(view.Version, log.Log.Head, log.Faulty)); // no rows at all

        ViewCheckReport report = await CheckAsync(view, store, log, new ViewCheckOptions { ListedMax = 5 });
        Assert.Equal(5, report.Differences.Count);
        Assert.True(report.Wrong >= 64, $"64 stretches are looked at; {report.Wrong} rows were found missing");
        Assert.True(report.MoreStretches > 0);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(459)]
    public void The_bound_is_the_part_that_a_sample_finds_with_99_percent(int chosen)
    {
        Reservoir<int> reservoir = new(chosen, new Random(1));
        for (int i = 0; i < 100_000; i++) reservoir.Offer(i);
        Assert.Equal(0.01, Math.Pow(1 - reservoir.Bound, chosen), 6);
        Assert.Equal(chosen, reservoir.Chosen.Distinct().Count());
    }

    [Fact]
    public void A_reservoir_chooses_each_with_the_same_chance()
    {
        int[] chosen = new int[20];
        Random random = new(7);
        for (int round = 0; round < 20_000; round++)
        {
            Reservoir<int> reservoir = new(5, random);
            for (int i = 0; i < chosen.Length; i++) reservoir.Offer(i);
            foreach (int i in reservoir.Chosen) chosen[i]++;
        }

        Assert.All(chosen, count => Assert.InRange(count, 4700, 5300)); // 5000 ± five standard deviations
    }

    [Fact]
    public async Task A_check_ends_when_it_is_cancelled()
    {
        IView view = SsbViews.Catalog.Get("feeds");
        using HostileLog log = new(output);
        using StoreFolder store = new(view);
        store.Rebuild(log.Log, log.Boxes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            CheckAsync(view, store, log, cancel: new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static Comparer<RowFault> ByName { get; } =
        Comparer<RowFault>.Create((left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    private static (LyingView View, Offset At) Grow(IView view, StoreFolder store, HostileLog log, RowFault fault)
    {
        LyingView lying;
        Offset at;
        do
        {
            at = log.SomeMessage();
            lying = new LyingView(view, at, fault);
            using StoreFolder trial = new(view);
            log.Grow(new ViewIndexer(lying, trial.Store), log.Log.Head);
        }
        while (!lying.Lied); // a record without rows has none to get wrong
        lying = new LyingView(view, at, fault);
        log.Grow(new ViewIndexer(lying, store.Store), log.Log.Head);
        return (lying, at);
    }

    private static async Task<ViewCheckReport> CheckAsync(
        IView view, StoreFolder store, HostileLog log, ViewCheckOptions? options = null, CancellationToken cancel = default)
    {
        using IViewReader rows = store.Store.OpenReader();
        return await ViewCheck.RunAsync(
            new ViewCheckTarget(view, rows, log.Log, new SsbFormat(log.Boxes)), options ?? new ViewCheckOptions { Degree = 2 }, cancel);
    }

    private static ViewCheckReport AssertAgrees(ViewCheckReport report)
    {
        Assert.True(report.Agrees, string.Join('\n', [.. report.Faults, .. report.Differences.Select(row => row.ToString())]));
        return report;
    }

    private sealed class NewerView(IView inner) : IView
    {
        public string Name => inner.Name;

        public int Version => inner.Version + 1;

        public void Apply(Flume.Views.Records.DecodedRecord message, RowSink rows) => inner.Apply(message, rows);
    }

    private sealed class PlainView : IView
    {
        public string Name => "plain";

        public int Version => 1;

        public void Apply(Flume.Views.Records.DecodedRecord message, RowSink rows)
        {
            byte[] offset = BitConverter.GetBytes(message.Offset.Value);
            rows.Put("last"u8, offset);
            rows.Put("count"u8, "always"u8);
            rows.Put(offset.AsSpan(0, 1), offset);
            if (offset[0] % 3 == 0) rows.Remove(offset.AsSpan(0, 1));
        }
    }
}
