using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>How rows are read.</summary>
public class ReadOptions
{
    // RocksDB keeps a pointer to the bound's bytes.
    private nint _upperBound;

    /// <summary>RocksDB's defaults: the present, no bounds.</summary>
    public ReadOptions() => Handle = LibRocksDb.rocksdb_readoptions_create();

    /// <summary>Frees the native object.</summary>
    ~ReadOptions()
    {
        LibRocksDb.rocksdb_readoptions_destroy(Handle);
        Marshal.FreeHGlobal(_upperBound);
    }

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>Reads a snapshot, which must outlive every read.</summary>
    public ReadOptions SetSnapshot(Snapshot snapshot)
    {
        LibRocksDb.rocksdb_readoptions_set_snapshot(Handle, snapshot.Handle);
        return this;
    }

    /// <summary>False leaves the block cache as it is. Default: true.</summary>
    public ReadOptions SetFillCache(bool value)
    {
        LibRocksDb.rocksdb_readoptions_set_fill_cache(Handle, value ? (byte)1 : (byte)0);
        return this;
    }

    /// <summary>Ends iterators before the key (exclusive).</summary>
    public ReadOptions SetIterateUpperBound(byte[] key)
    {
        nint bound = Marshal.AllocHGlobal(key.Length);
        Marshal.Copy(key, 0, bound, key.Length);
        LibRocksDb.rocksdb_readoptions_set_iterate_upper_bound(Handle, bound, (nuint)key.Length);
        Marshal.FreeHGlobal(_upperBound);
        _upperBound = bound;
        return this;
    }
}
