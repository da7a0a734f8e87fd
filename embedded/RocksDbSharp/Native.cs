namespace RocksDbSharp;

/// <summary>The C API behind the classes, for the calls that they offer with arrays only or not at all.</summary>
public abstract unsafe class Native
{
    /// <summary>The loaded library.</summary>
    public static Native Instance = new SystemLibrary();

    /// <summary>Throws <see cref="RocksDbException"/> when an error, not the end, made an iterator invalid.</summary>
    public void rocksdb_iter_get_error(IntPtr iterator)
    {
        LibRocksDb.rocksdb_iter_get_error(iterator, out nint error);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Appends one row to an open SST file; keys must ascend.</summary>
    public void rocksdb_sstfilewriter_put(IntPtr writer, byte* key, UIntPtr keylen, byte* val, UIntPtr vallen)
    {
        LibRocksDb.rocksdb_sstfilewriter_put(writer, key, keylen, val, vallen, out nint error);
        RocksDbException.ThrowIf(error);
    }

    private sealed class SystemLibrary : Native;
}
