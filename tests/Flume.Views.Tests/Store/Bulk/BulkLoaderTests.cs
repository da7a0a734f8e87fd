using Flume.Log;
using Flume.TestKit;
using Flume.Views.Store;
using Flume.Views.Store.Bulk;
using Xunit;

namespace Flume.Views.Tests.Store.Bulk;

/// <summary>The rows of a bulk load, within and above its memory limit.</summary>
public sealed class BulkLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreResources _resources = new(new StoreLimits(BlockCacheBytes: 1 << 20));

    public void Dispose() => _folder.Dispose();

    private RocksViewStore Open(string name) => RocksViewStore.Open(_folder[name], "feeds", _resources);

    private static string Text(IViewReader reader, string key) =>
        reader.TryGet(System.Text.Encoding.UTF8.GetBytes(key), out byte[] value)
            ? System.Text.Encoding.UTF8.GetString(value)
            : "absent";

    [Fact]
    public void A_load_of_nothing_leaves_a_store_that_reflects_the_log()
    {
        using RocksViewStore store = Open("store");
        using (var loader = new BulkLoader(store, new BulkMemory(1 << 20)))
        {
            loader.NewSink();
            loader.Seal(Checkpoint.At(3, new Offset(77), skipped: 1), 2, CancellationToken.None);
        }

        Assert.Equal(new Checkpoint(3, new Offset(77), 0, 0, 1), store.Checkpoint);
        Assert.False(Directory.Exists(Path.Combine(store.Folder, "bulk")));
    }

    [Fact]
    public void The_store_stays_empty_until_it_is_sealed_and_is_whole_after()
    {
        using RocksViewStore store = Open("store");
        using (var loader = new BulkLoader(store, new BulkMemory(1 << 20)))
        {
            BulkSink sink = loader.NewSink();
            sink.Offset = 5;
            sink.Post(1, 2, 3);
            sink.Put("key"u8, "value"u8);
            string crash = _folder.CopyAs("store", "crash");
            using (RocksViewStore before = RocksViewStore.Open(crash, "feeds", _resources))
                Assert.Equal(Checkpoint.Empty, before.Checkpoint);
            loader.Seal(Checkpoint.At(1, new Offset(5)), 1, CancellationToken.None);
        }

        using RocksViewStore after = RocksViewStore.Open(_folder.CopyAs("store", "after"), "feeds", _resources);
        Assert.Equal(new Checkpoint(1, new Offset(5), 1, 0, 0), after.Checkpoint);
        using IViewReader reader = after.OpenReader();
        Assert.Equal(1, reader.Count(1, PostingRange.Exact(2, 3)));
        Assert.Equal("value", Text(reader, "key"));
    }

    [Fact]
    public void A_store_with_rows_an_offset_beyond_since_and_a_stop_are_refused_and_change_nothing()
    {
        using RocksViewStore store = Open("store");
        using (var loader = new BulkLoader(store, new BulkMemory(1 << 20)))
        {
            BulkSink sink = loader.NewSink();
            sink.Offset = 6;
            sink.Post(1, 1, 1);
            Assert.Throws<ArgumentException>(() => loader.Seal(Checkpoint.At(1, new Offset(5)), 1, default));
            Assert.ThrowsAny<OperationCanceledException>(
                () => loader.Seal(Checkpoint.At(1, new Offset(6)), 1, new CancellationToken(canceled: true)));
        }

        Assert.Equal(Checkpoint.Empty, store.Checkpoint);
        store.Commit(store.NewBatch(), Checkpoint.At(1, new Offset(9)));
        Assert.Throws<ArgumentException>(() => new BulkLoader(store, new BulkMemory(1 << 20)));
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData(100)]
    public void Of_all_writes_to_a_key_the_one_of_the_latest_record_stays(long memory)
    {
        using RocksViewStore store = Open("store");
        using (var loader = new BulkLoader(store, new BulkMemory(memory)))
        {
            BulkSink one = loader.NewSink(), other = loader.NewSink();
            Write(other, 30, "a", "new");
            Write(one, 10, "a", "old");
            Write(one, 20, "b", null);
            Write(other, 15, "b", "gone");
            Write(one, 22, "c", "first");
            Write(one, 22, "c", "second");
            Write(one, 40, "d", "kept");
            Write(other, 39, "d", null);
            loader.Seal(Checkpoint.At(1, new Offset(40)), 1, CancellationToken.None);
        }

        using IViewReader reader = store.OpenReader();
        Assert.Equal("new absent second kept", string.Join(' ', "abcd".Select(key => Text(reader, key.ToString()))));

        static void Write(BulkSink sink, long offset, string key, string? value)
        {
            sink.Offset = offset;
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(key);
            sink.Put("large enough to be set aside with it"u8, new byte[70_000]);
            if (value is null) sink.Remove(bytes);
            else sink.Put(bytes, System.Text.Encoding.UTF8.GetBytes(value));
        }
    }

    [Fact]
    public void Memory_goes_back_when_a_load_is_over_or_given_up()
    {
        var memory = new BulkMemory(1 << 20);
        using RocksViewStore store = Open("store");
        using (var loader = new BulkLoader(store, memory))
        {
            BulkSink sink = loader.NewSink();
            for (sink.Offset = 0; sink.Offset < 100_000; sink.Offset++) sink.Post(1, (ulong)sink.Offset, 0);
            sink.Put("a"u8, "b"u8);
            Assert.InRange(memory.HeldBytes, 1, (1 << 20) + (100 * 1024));
        }

        Assert.Equal(0, memory.HeldBytes);
        using (var loader = new BulkLoader(store, memory))
        {
            BulkSink sink = loader.NewSink();
            sink.Post(1, 2, 3);
            sink.Put("a"u8, "b"u8);
            loader.Seal(Checkpoint.At(1, new Offset(0)), 1, CancellationToken.None);
        }

        Assert.Equal(0, memory.HeldBytes);
    }

    [Theory]
    [InlineData(1, 1 << 30, 3_000)]
    [InlineData(2, 1 << 30, 15_000)]
    [InlineData(2, 400_000, 15_000)]
    public void A_loaded_store_that_lives_on_reads_like_sorted_sets_and_equals_one_that_grew(
        int degree, long memory, int records) =>
        TestSeed.Run(1, random =>
        {
            var model = new PostingModel();
            var postings = new RandomPostings(random);
            var grown = new MemoryViewStore();
            using RocksViewStore store = Open($"store-{random.Next()}");
            List<long> offsets = Records(records, random);
            using (var loader = new BulkLoader(store, new BulkMemory(memory)))
            {
                BulkSink[] sinks = [loader.NewSink(), loader.NewSink()];
                ViewBatch batch = grown.NewBatch();
                foreach (long offset in offsets)
                    AddRecord(offset, postings.OfRecord(offset), model, [sinks[random.Next(2)], batch]);
                string[] runs = Directory.GetFiles(Path.Combine(store.Folder, "bulk"), "run-*");
                Assert.Equal(memory < 1 << 20, runs.Length > 0);
                loader.Seal(Checkpoint.At(1, new Offset(offsets[^1])), degree, CancellationToken.None);
                grown.Commit(batch, Checkpoint.At(1, new Offset(offsets[^1])));
            }

            Assert.Equal(grown.Checkpoint.OverlayPostings, store.Checkpoint.BasePostings);
            AssertSame(store, grown);
            GoOn([store, grown], model, postings);
            AssertSame(store, grown);
            using IViewReader reader = store.OpenReader();
            new ReaderChecks(model, reader, random).AssertReadsLike();
        });

    private static List<long> Records(int count, Random random)
    {
        var offsets = new List<long>();
        for (long offset = 0; offsets.Count < count; offset += random.Next(1, 2000)) offsets.Add(offset);
        return offsets;
    }

    private static void AddRecord(
        long offset, IEnumerable<(byte Index, Posting Posting)> postings, PostingModel model, RowSink[] sinks)
    {
        foreach (RowSink sink in sinks)
        {
            sink.Offset = offset;
            sink.Put(BitConverter.GetBytes(offset % 97), BitConverter.GetBytes(offset));
        }

        foreach ((byte index, Posting posting) in postings)
        {
            model.Add(index, posting);
            foreach (RowSink sink in sinks) sink.Post(index, posting.A, posting.B);
        }
    }

    private static void GoOn(IViewStore[] stores, PostingModel model, RandomPostings postings)
    {
        long since = stores[0].Checkpoint.Since.Value;
        ViewBatch[] batches = [.. stores.Select(store => store.NewBatch())];
        for (int record = 0; record < 300; record++)
        {
            since += 321;
            AddRecord(since, postings.OfRecord(since), model, batches);
        }

        for (int i = 0; i < stores.Length; i++) stores[i].Commit(batches[i], Checkpoint.At(1, new Offset(since)));
    }

    private static void AssertSame(IViewStore one, IViewStore other)
    {
        using IViewReader left = one.OpenReader(), right = other.OpenReader();
        Assert.Equal(StoreDump.Digest(right), StoreDump.Digest(left));
    }
}
