using Flume.Log;
using Flume.TestKit;
using Flume.Views.Store;
using Flume.Views.Store.Bulk;
using RocksDbSharp;
using Xunit;
using Checkpoint = Flume.Views.Store.Checkpoint;

namespace Flume.Views.Tests.Store;

/// <summary>Rows that RocksDB returns without an error but that the store did not write.</summary>
public sealed class DamagedRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreResources _resources = new(new StoreLimits(BlockCacheBytes: 1 << 20));

    public DamagedRowsTests()
    {
        using RocksViewStore store = Open();
        using var loader = new BulkLoader(store, new BulkMemory(1 << 20));
        BulkSink sink = loader.NewSink();
        for (sink.Offset = 0; sink.Offset < 1000; sink.Offset++) sink.Post(7, (ulong)sink.Offset, 0);
        loader.Seal(Checkpoint.At(1, new Offset(999)), 1, CancellationToken.None);
    }

    public void Dispose() => _folder.Dispose();

    private RocksViewStore Open() => RocksViewStore.Open(_folder["store"], "feeds", _resources);

    /// <summary>Changes the first row with at least this key.</summary>
    private string Damage(byte[] from, Func<byte[], byte[]> change)
    {
        using RocksDb db = RocksDb.Open(new DbOptions(), _folder["store"]);
        using Iterator rows = db.NewIterator();
        rows.Seek(from);
        byte[] key = rows.Key();
        db.Put(key, change(rows.Value()));
        return Convert.ToHexString(key);
    }

    private static void ReadAll(IViewReader reader, bool reverse)
    {
        using PostingCursor cursor = reader.Read(7, PostingRange.All, reverse);
        while (cursor.MoveNext())
        {
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_block_that_was_cut_is_named_with_its_store_index_and_key(bool reverse)
    {
        string key = Damage([RowKey.Block], value => value[..^1]);
        using RocksViewStore store = Open();
        using IViewReader reader = store.OpenReader();
        StoreDamagedException error = Assert.Throws<StoreDamagedException>(() => ReadAll(reader, reverse));
        Assert.Contains(_folder["store"], error.Message);
        Assert.Contains("index 7", error.Message);
        Assert.Contains(key, error.Message);
    }

    [Fact]
    public void A_block_without_a_head_can_not_be_counted()
    {
        Damage([RowKey.Block], _ => [1, 2, 3]);
        using RocksViewStore store = Open();
        using IViewReader reader = store.OpenReader();
        Assert.Throws<StoreDamagedException>(() => reader.Count(7, PostingRange.All));
    }

    [Fact]
    public void A_block_of_another_version_is_damage_not_nonsense()
    {
        Damage([RowKey.Block], value => [(byte)(value[0] + 0x10), .. value[1..]]);
        using RocksViewStore store = Open();
        using IViewReader reader = store.OpenReader();
        Assert.Throws<StoreDamagedException>(() => ReadAll(reader, reverse: false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    public void A_checkpoint_that_is_none_keeps_the_store_from_opening(int length)
    {
        Damage([RowKey.Meta], _ => new byte[length]);
        Assert.Throws<StoreDamagedException>(Open);
    }

    [Fact]
    public void A_store_that_lacks_a_file_is_damaged()
    {
        foreach (string table in Directory.GetFiles(_folder["store"], "*.sst")) File.Delete(table);
        Assert.Throws<StoreDamagedException>(() =>
        {
            using RocksViewStore store = Open();
        });
    }
}
