using System.Text;
using RocksDbSharp;
using Xunit;

namespace Embedded.Tests.RocksDbSharp;

/// <summary>How iterators move, and how they tell an end from an error.</summary>
public sealed class IteratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RocksDb _db;

    public IteratorTests()
    {
        _db = RocksDb.Open(new DbOptions().SetCreateIfMissing(), _folder["db"]);
        foreach (string key in new[] { "b", "d", "f" }) _db.Put(Encoding.UTF8.GetBytes(key), "v"u8);
    }

    public void Dispose()
    {
        _db.Dispose();
        _folder.Dispose();
    }

    private static string? Key(Iterator iterator) =>
        iterator.Valid() ? Encoding.UTF8.GetString(iterator.GetKeySpan()) : null;

    [Fact]
    public void Seeking_finds_the_key_or_its_neighbour_on_the_asked_side()
    {
        using Iterator iterator = _db.NewIterator();
        Assert.Equal("b", Key(iterator.SeekToFirst()));
        Assert.Equal("f", Key(iterator.SeekToLast()));
        Assert.Equal("d", Key(iterator.Seek("c"u8)));
        Assert.Equal("d", Key(iterator.Seek("d"u8.ToArray())));
        Assert.Equal("b", Key(iterator.SeekForPrev("c"u8)));
        Assert.Equal("d", Key(iterator.SeekForPrev("d"u8.ToArray())));
        Assert.Null(Key(iterator.Seek("g"u8)));
        Assert.Null(Key(iterator.SeekForPrev("a"u8)));
    }

    [Fact]
    public void Walking_goes_both_ways_and_ends_at_both_ends_without_error()
    {
        using Iterator iterator = _db.NewIterator();
        iterator.SeekToFirst();
        Assert.Equal("d", Key(iterator.Next()));
        Assert.Equal("f", Key(iterator.Next()));
        Assert.Equal("d", Key(iterator.Prev()));
        iterator.Next();
        Assert.Null(Key(iterator.Next()));
        Native.Instance.rocksdb_iter_get_error(iterator.Handle);
    }

    [Fact]
    public void Keys_and_values_come_as_spans_and_as_copies()
    {
        using Iterator iterator = _db.NewIterator();
        iterator.SeekToFirst();
        Assert.Equal(iterator.Key(), iterator.GetKeySpan().ToArray());
        Assert.Equal(iterator.Value(), iterator.GetValueSpan().ToArray());
        Assert.Equal("v"u8.ToArray(), iterator.Value());
    }

    [Fact]
    public void An_upper_bound_is_exclusive_and_outlives_the_callers_array()
    {
        byte[] bound = "f"u8.ToArray();
        ReadOptions options = new ReadOptions().SetIterateUpperBound("a"u8.ToArray()).SetIterateUpperBound(bound);
        bound[0] = (byte)'z';
        using Iterator iterator = _db.NewIterator(null, options);
        Assert.Equal("d", Key(iterator.SeekToLast()));
        iterator.Next();
        Assert.False(iterator.Valid());
    }

    [Fact]
    public void A_damaged_file_makes_the_iterator_invalid_and_the_error_says_so()
    {
        _db.Flush(new FlushOptions());
        _db.Dispose();
        string table = Directory.GetFiles(_folder["db"], "*.sst").Single();
        byte[] bytes = File.ReadAllBytes(table);
        bytes[2] ^= 0xFF;
        File.WriteAllBytes(table, bytes);

        using RocksDb db = RocksDb.Open(new DbOptions(), _folder["db"]);
        using Iterator iterator = db.NewIterator();
        iterator.SeekToFirst();
        Assert.False(iterator.Valid());
        RocksDbException error = Assert.Throws<RocksDbException>(
            () => Native.Instance.rocksdb_iter_get_error(iterator.Handle));
        Assert.StartsWith("Corruption", error.Message);
    }
}
