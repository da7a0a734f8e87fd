using RocksDbSharp;
using Xunit;

namespace Embedded.Tests.RocksDbSharp;

/// <summary>Tables written outside a database and taken into it.</summary>
public sealed class SstFileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RocksDb _db;

    public SstFileWriterTests() => _db = RocksDb.Open(new DbOptions().SetCreateIfMissing(), _folder["db"]);

    public void Dispose()
    {
        _db.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Files_written_outside_are_taken_in_together_and_moved()
    {
        string[] files = [_folder["1.sst"], _folder["2.sst"]];
        ColumnFamilyOptions options = new ColumnFamilyOptions().SetCompression(Compression.No);
        using (var writer = new SstFileWriter(new EnvOptions(), options))
        {
            writer.Open(files[0]);
            writer.Put("a"u8.ToArray(), "1"u8.ToArray());
            PutSpan(writer, "b"u8, default);
            writer.Finish();
        }

        using (var writer = new SstFileWriter())
        {
            writer.Open(files[1]);
            PutSpan(writer, "c"u8, "3"u8);
            writer.Finish();
        }

        _db.IngestExternalFiles(files, new IngestExternalFileOptions().SetMoveFiles(true));
        Assert.Equal("1"u8.ToArray(), _db.Get("a"u8));
        Assert.Empty(_db.Get("b"u8)!);
        Assert.Equal("3"u8.ToArray(), _db.Get("c"u8));
        Assert.DoesNotContain(files, File.Exists);
    }

    [Fact]
    public void A_key_out_of_order_is_refused()
    {
        using var writer = new SstFileWriter();
        writer.Open(_folder["x.sst"]);
        writer.Put("b"u8.ToArray(), "1"u8.ToArray());
        Assert.Throws<RocksDbException>(() => writer.Put("a"u8.ToArray(), "1"u8.ToArray()));
        Assert.Throws<RocksDbException>(() => PutSpan(writer, "b"u8, "1"u8));
    }

    [Fact]
    public void A_file_that_is_no_table_is_refused_and_nothing_is_taken_in()
    {
        using (var writer = new SstFileWriter())
        {
            writer.Open(_folder["good.sst"]);
            writer.Put("a"u8.ToArray(), "1"u8.ToArray());
            writer.Finish();
        }

        File.WriteAllText(_folder["bad.sst"], "not a table");
        Assert.Throws<RocksDbException>(() => _db.IngestExternalFiles(
            [_folder["good.sst"], _folder["bad.sst"]], new IngestExternalFileOptions()));
        Assert.Null(_db.Get("a"u8));
    }

    private static unsafe void PutSpan(SstFileWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
            Native.Instance.rocksdb_sstfilewriter_put(writer.Handle, k, (nuint)key.Length, v, (nuint)value.Length);
    }
}
