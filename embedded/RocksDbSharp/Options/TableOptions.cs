namespace RocksDbSharp;

/// <summary>The options of RocksDB's standard table format.</summary>
public class BlockBasedTableOptions
{
    // The native cache must live as long as the options that point to it.
    private Cache? _cache;

    /// <summary>RocksDB's defaults.</summary>
    public BlockBasedTableOptions() => Handle = LibRocksDb.rocksdb_block_based_options_create();

    /// <summary>Frees the native object.</summary>
    ~BlockBasedTableOptions() => LibRocksDb.rocksdb_block_based_options_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>Bytes of rows in a block, before compression. Default: 4 KiB.</summary>
    public BlockBasedTableOptions SetBlockSize(ulong blockSize)
    {
        LibRocksDb.rocksdb_block_based_options_set_block_size(Handle, (nuint)blockSize);
        return this;
    }

    /// <summary>The cache for blocks, which several databases may share. Default: 8 MiB of its own.</summary>
    public BlockBasedTableOptions SetBlockCache(Cache blockCache)
    {
        _cache = blockCache;
        LibRocksDb.rocksdb_block_based_options_set_block_cache(Handle, _cache.Handle);
        return this;
    }

    /// <summary>The version of the table format.</summary>
    public BlockBasedTableOptions SetFormatVersion(int formatVersion)
    {
        LibRocksDb.rocksdb_block_based_options_set_format_version(Handle, formatVersion);
        return this;
    }
}

/// <summary>A cache of table blocks with a capacity in bytes.</summary>
public class Cache
{
    private Cache(nint handle) => Handle = handle;

    /// <summary>Frees this reference; databases that use the cache hold their own.</summary>
    ~Cache() => LibRocksDb.rocksdb_cache_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>A cache that evicts what was used longest ago.</summary>
    public static Cache CreateLru(ulong capacity) => new(LibRocksDb.rocksdb_cache_create_lru((nuint)capacity));

    /// <summary>Bytes in use.</summary>
    public ulong GetUsage()
    {
        ulong usage = LibRocksDb.rocksdb_cache_get_usage(Handle);
        GC.KeepAlive(this);
        return usage;
    }
}
