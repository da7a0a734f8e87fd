namespace Flume.Views.Store.Native;

/// <summary>Writes one table file in key order. Not thread-safe.</summary>
internal sealed unsafe class RocksTableWriter(RocksOptions options) : RocksHandle(Create(options))
{
    /// <summary>Creates the file.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    internal void Open(string path)
    {
        byte* error = null;
        fixed (byte* utf8 = RocksPath.Encode(path)) RocksNative.rocksdb_sstfilewriter_open(Pointer, utf8, &error);
        GC.KeepAlive(this);
        RocksFault.Check(error, path, "writing a table");
    }

    /// <summary>Appends a row. Its key must be above the previous key.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, string path)
    {
        byte* error = null;
        fixed (byte* k = key, v = value)
            RocksNative.rocksdb_sstfilewriter_put(Pointer, k, (nuint)key.Length, v, (nuint)value.Length, &error);
        GC.KeepAlive(this);
        RocksFault.Check(error, path, "writing a table");
    }

    /// <summary>Completes and syncs the file.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    internal void Finish(string path)
    {
        byte* error = null;
        RocksNative.rocksdb_sstfilewriter_finish(Pointer, &error);
        GC.KeepAlive(this);
        RocksFault.Check(error, path, "completing a table");
    }

    private protected override void Free(nint pointer) => RocksNative.rocksdb_sstfilewriter_destroy(pointer);

    // The native writer copies both option objects.
    private static nint Create(RocksOptions options)
    {
        nint environment = RocksNative.rocksdb_envoptions_create();
        nint writer = RocksNative.rocksdb_sstfilewriter_create(environment, options.Pointer);
        RocksNative.rocksdb_envoptions_destroy(environment);
        GC.KeepAlive(options);
        return writer;
    }
}
