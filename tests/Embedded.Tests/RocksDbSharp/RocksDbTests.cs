using System.Text;
using RocksDbSharp;
using Xunit;

namespace Embedded.Tests.RocksDbSharp;

/// <summary>What Flume relies on, of the embedded library and of the real package alike.</summary>
public sealed class RocksDbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RocksDb Open() => RocksDb.Open(new DbOptions().SetCreateIfMissing(), _folder["db"]);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    [Fact]
    public void A_row_is_read_back_replaced_and_removed()
    {
        using RocksDb db = Open();
        Assert.Null(db.Get(Bytes("key")));
        db.Put(Bytes("key"), Bytes("one"));
        Assert.Equal("one", Text(db.Get(Bytes("key"))));
        db.Put("key"u8, "two"u8);
        Assert.Equal("two", Text(db.Get("key"u8)));
        db.Remove("key"u8);
        Assert.Null(db.Get("key"u8));
    }

    [Fact]
    public void An_empty_value_is_a_value_and_an_empty_key_is_a_key()
    {
        using RocksDb db = Open();
        db.Put("a"u8, default);
        db.Put(default, "b"u8);
        Assert.Empty(db.Get("a"u8)!);
        Assert.Equal("b", Text(db.Get(ReadOnlySpan<byte>.Empty)));
    }

    [Fact]
    public void A_batch_is_written_in_order_and_can_be_used_again()
    {
        using RocksDb db = Open();
        using var batch = new WriteBatch();
        batch.Put("a"u8, "1"u8).Put(Bytes("b"), Bytes("2")).Delete("a"u8).Put("c"u8, default);
        Assert.Equal(4, batch.Count());
        db.Write(batch, new WriteOptions().SetSync(true));
        Assert.Null(db.Get("a"u8));
        Assert.Equal("2", Text(db.Get("b"u8)));
        Assert.Empty(db.Get("c"u8)!);

        batch.Clear();
        Assert.Equal(0, batch.Count());
        batch.Delete(Bytes("b"));
        db.Write(batch);
        Assert.Null(db.Get("b"u8));
    }

    [Fact]
    public void What_was_written_is_there_after_reopening_and_a_second_opening_is_refused()
    {
        using (RocksDb db = Open())
        {
            db.Put("key"u8, "value"u8);
            Assert.Throws<RocksDbException>(Open);
        }

        using RocksDb again = Open();
        Assert.Equal("value", Text(again.Get("key"u8)));
    }

    [Fact]
    public void Rows_written_without_the_log_are_lost_unless_flushed()
    {
        using (RocksDb db = Open())
        {
            db.Put("flushed"u8, "1"u8, null, new WriteOptions().DisableWal(1));
            db.Flush(new FlushOptions().SetWaitForFlush(true));
            using RocksDb other = RocksDb.OpenReadOnly(new DbOptions(), _folder["db"], false);
            Assert.Equal("1", Text(other.Get("flushed"u8)));
            db.Put("unflushed"u8, "2"u8, null, new WriteOptions().DisableWal(1));
            using RocksDb third = RocksDb.OpenReadOnly(new DbOptions(), _folder["db"], false);
            Assert.Null(third.Get("unflushed"u8));
            Assert.ThrowsAny<RocksDbException>(() => third.Put("a"u8, "b"u8));
        }
    }

    [Fact]
    public void Opening_what_is_missing_or_what_exists_names_the_fault()
    {
        RocksDbException missing = Assert.Throws<RocksDbException>(
            () => RocksDb.Open(new DbOptions().SetCreateIfMissing(false), _folder["none"]));
        Assert.Contains("does not exist", missing.Message);

        Open().Dispose();
        RocksDbException exists = Assert.Throws<RocksDbException>(
            () => RocksDb.Open(new DbOptions().SetCreateIfMissing().SetErrorIfExists(), _folder["db"]));
        Assert.Contains("exists", exists.Message);
    }

    [Fact]
    public void A_snapshot_reads_what_was_there_when_it_was_made()
    {
        using RocksDb db = Open();
        db.Put("a"u8, "old"u8);
        using Snapshot snapshot = db.CreateSnapshot();
        db.Put("a"u8, "new"u8);
        db.Put("b"u8, "new"u8);
        ReadOptions then = new ReadOptions().SetSnapshot(snapshot).SetFillCache(false);

        Assert.Equal("old", Text(db.Get("a"u8, null, then)));
        Assert.Null(db.Get("b"u8, null, then));
        using Iterator iterator = db.NewIterator(null, then);
        Assert.Equal("a", Text(iterator.SeekToLast().GetKeySpan()));
        Assert.Equal("new", Text(db.Get("a"u8)));
    }

    [Fact]
    public void Every_option_that_the_stores_set_is_accepted_together()
    {
        Cache cache = Cache.CreateLru(1 << 20);
        BlockBasedTableOptions table =
            new BlockBasedTableOptions().SetBlockSize(16 * 1024).SetBlockCache(cache).SetFormatVersion(5);
        DbOptions options = new DbOptions().SetCreateIfMissing().SetMaxOpenFiles(32).SetKeepLogFileNum(1)
            .SetInfoLogLevel(InfoLogLevel.Error).SetStatsDumpPeriodSec(0).SetManifestPreallocationSize(4096)
            .SkipStatsUpdateOnOpen(true).SetMaxTotalWalSize(1 << 20).SetWriteBufferSize(1 << 20)
            .SetMaxWriteBufferNumber(2).SetArenaBlockSize(64 * 1024).SetCompression(Compression.No)
            .SetBlockBasedTableFactory(table);
        using RocksDb db = RocksDb.Open(options, _folder["db"]);
        for (int i = 0; i < 1000; i++) db.Put(BitConverter.GetBytes(i), new byte[100]);
        db.Flush(new FlushOptions());
        Assert.NotNull(db.Get(BitConverter.GetBytes(500)));
        Assert.True(cache.GetUsage() > 0);
        Assert.Equal("1000", db.GetProperty("rocksdb.estimate-num-keys"));
        Assert.Null(db.GetProperty("rocksdb.no-such-property"));
    }

    [Fact]
    public void Compacting_merges_the_files_of_the_top_level()
    {
        using RocksDb db = Open();
        db.Put("a"u8, new byte[1000]);
        db.Flush(new FlushOptions());
        db.Remove("a"u8);
        db.Flush(new FlushOptions());
        Assert.Equal("2", db.GetProperty("rocksdb.num-files-at-level0"));
        db.CompactRange((byte[]?)null, null);
        Assert.Equal("0", db.GetProperty("rocksdb.num-files-at-level0"));
    }

    [Fact]
    public void A_checkpoint_is_a_database_of_its_own()
    {
        using RocksDb db = Open();
        db.Put("a"u8, "1"u8);
        using (Checkpoint checkpoint = db.Checkpoint()) checkpoint.Save(_folder["copy"]);
        db.Put("a"u8, "2"u8);
        using RocksDb copy = RocksDb.Open(new DbOptions(), _folder["copy"]);
        Assert.Equal("1", Text(copy.Get("a"u8)));
    }
}
