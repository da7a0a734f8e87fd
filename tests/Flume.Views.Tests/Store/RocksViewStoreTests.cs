using Flume.Log;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>The store contract on disk, with crashes, torn files and damage.</summary>
public sealed class RocksViewStoreTests : ViewStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreResources _resources = new(new StoreLimits(BlockCacheBytes: 1 << 20));

    public void Dispose() => _folder.Dispose();

    protected override IViewStore NewStore() => Open("store");

    private RocksViewStore Open(string name, string view = "feeds") =>
        RocksViewStore.Open(_folder[name], view, _resources);

    private static void Commit(RocksViewStore store, long since)
    {
        ViewBatch batch = store.NewBatch();
        batch.Offset = since;
        batch.Post(1, (ulong)since, 0);
        batch.Put("last"u8, BitConverter.GetBytes(since));
        store.Commit(batch, Checkpoint.At(1, new Offset(since)));
    }

    private static void AssertWhole(RocksViewStore store, long since)
    {
        Assert.Equal(new Checkpoint(1, new Offset(since), 0, since, 0), store.Checkpoint);
        using IViewReader reader = store.OpenReader();
        Assert.Equal(since, reader.Count(1, PostingRange.All));
        Assert.True(reader.TryGet("last"u8, out byte[] last));
        Assert.Equal(since, BitConverter.ToInt64(last));
    }

    [Fact]
    public void What_was_committed_is_there_after_reopening()
    {
        using (RocksViewStore store = Open("store"))
            for (long since = 1; since <= 5; since++) Commit(store, since);
        using RocksViewStore again = Open("store");
        AssertWhole(again, 5);
        Commit(again, 6);
        AssertWhole(again, 6);
    }

    [Fact]
    public void A_process_that_dies_after_any_commit_leaves_that_commit_whole()
    {
        using RocksViewStore store = Open("store");
        for (long since = 1; since <= 4; since++)
        {
            Commit(store, since);
            if (since == 2) store.Flush();
            string copy = _folder.CopyAs("store", $"crash-{since}");
            using RocksViewStore after = RocksViewStore.Open(copy, "feeds", _resources);
            AssertWhole(after, since);
        }
    }

    [Fact]
    public void A_log_torn_at_any_byte_leaves_some_commit_whole()
    {
        using (RocksViewStore store = Open("store"))
        {
            for (long since = 1; since <= 3; since++) Commit(store, since);
            _folder.CopyAs("store", "torn");
        }

        string log = Directory.GetFiles(_folder["torn"], "*.log").Single();
        long length = new FileInfo(log).Length;
        long last = 3;
        for (long cut = length; cut >= 0; cut -= 7)
        {
            string copy = _folder.CopyAs("torn", $"cut-{cut}");
            using (var file = new FileStream(Path.Combine(copy, Path.GetFileName(log)), FileMode.Open))
                file.SetLength(cut);
            using RocksViewStore after = RocksViewStore.Open(copy, "feeds", _resources);
            long since = Math.Max(0, after.Checkpoint.Since.Value);
            Assert.True(since <= last, "a shorter log can't hold more");
            last = since;
            if (since > 0) AssertWhole(after, since);
        }

        Assert.Equal(0, last);
    }

    [Fact]
    public void A_store_of_another_view_is_refused_by_name()
    {
        using (RocksViewStore store = Open("store")) Commit(store, 1);
        StoreDamagedException error = Assert.Throws<StoreDamagedException>(() => Open("store", "hashmap"));
        Assert.Contains("'feeds'", error.Message);
        Assert.Contains("'hashmap'", error.Message);
        Assert.Contains(_folder["store"], error.Message);
    }

    [Fact]
    public void A_store_that_is_already_open_is_refused_and_not_called_damaged()
    {
        using RocksViewStore store = Open("store");
        Assert.Throws<IOException>(() => Open("store"));
    }

    [Fact]
    public void A_damaged_table_is_called_damaged_when_it_is_read()
    {
        using (RocksViewStore store = Open("store"))
        {
            Commit(store, 1);
            store.Flush();
        }

        string table = Directory.GetFiles(_folder["store"], "*.sst").Single();
        byte[] bytes = File.ReadAllBytes(table);
        bytes[10] ^= 0xFF;
        File.WriteAllBytes(table, bytes);
        StoreDamagedException error = Assert.Throws<StoreDamagedException>(() =>
        {
            using RocksViewStore store = Open("store");
            using IViewReader reader = store.OpenReader();
            reader.Count(1, PostingRange.All);
        });
        Assert.Equal(_folder["store"], error.Store);
    }

    [Fact]
    public void The_database_closes_when_the_last_cursor_has_gone_not_before()
    {
        bool closed = false;
        RocksViewStore store = Open("store");
        store.Closed = () => closed = true;
        Commit(store, 1);
        IViewReader reader = store.OpenReader();
        PostingCursor cursor = reader.Read(1, PostingRange.All);
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(store.OpenReader);
        reader.Dispose();
        Assert.False(closed);
        cursor.Dispose();
        Assert.True(closed);
        Open("store").Dispose();
    }

    [Fact]
    public void Stores_of_the_same_resources_share_one_cache()
    {
        foreach (string name in new[] { "one", "other" })
        {
            long before = _resources.CachedBytes;
            using RocksViewStore store = Open(name);
            for (long since = 1; since <= 50; since++) Commit(store, since);
            store.Flush();
            using IViewReader reader = store.OpenReader();
            Assert.Equal(50, reader.Count(1, PostingRange.All));
            Assert.True(_resources.CachedBytes > before);
        }
    }

    [Fact]
    public void Its_size_is_that_of_its_files()
    {
        using RocksViewStore store = Open("store");
        long before = store.SizeBytes;
        for (long since = 1; since <= 100; since++) Commit(store, since);
        Assert.True(store.SizeBytes > before);
    }
}
