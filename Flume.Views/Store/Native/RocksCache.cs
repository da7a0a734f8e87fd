namespace Flume.Views.Store.Native;

/// <summary>A cache of table blocks. RocksDB counts its users, so it may be disposed before the stores.</summary>
internal sealed class RocksCache(long capacityBytes)
    : RocksHandle(RocksNative.rocksdb_cache_create_lru((nuint)capacityBytes))
{
    /// <summary>The bytes in use.</summary>
    internal long UsedBytes
    {
        get
        {
            long used = (long)RocksNative.rocksdb_cache_get_usage(Pointer);
            GC.KeepAlive(this);
            return used;
        }
    }

    private protected override void Free(nint pointer) => RocksNative.rocksdb_cache_destroy(pointer);
}
