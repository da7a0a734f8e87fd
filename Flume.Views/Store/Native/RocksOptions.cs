namespace Flume.Views.Store.Native;

/// <summary>The options of a store or of table files. RocksDB copies them at opening.</summary>
internal sealed class RocksOptions : RocksHandle
{
    // The constants of rocksdb/c.h and of RocksDB's InfoLogLevel.
    private const int NoCompression = 0;
    private const int LogErrors = 3;

    /// <summary>The oldest table format that RocksDB 7.8 and later versions read and write identically.</summary>
    private const int TableFormat = 5;

    private const int TableBlockBytes = 16 * 1024;

    /// <summary>Creates options of table files.</summary>
    internal RocksOptions(RocksCache cache)
        : base(RocksNative.rocksdb_options_create())
    {
        RocksNative.rocksdb_options_set_compression(handle, NoCompression);
        nint tables = RocksNative.rocksdb_block_based_options_create();
        RocksNative.rocksdb_block_based_options_set_block_size(tables, TableBlockBytes);
        RocksNative.rocksdb_block_based_options_set_block_cache(tables, cache.Pointer);
        RocksNative.rocksdb_block_based_options_set_format_version(tables, TableFormat);
        RocksNative.rocksdb_options_set_block_based_table_factory(handle, tables);
        RocksNative.rocksdb_block_based_options_destroy(tables);
        GC.KeepAlive(cache);
    }

    /// <summary>Creates options of a store, with limits that keep an idle store small.</summary>
    internal RocksOptions(RocksCache cache, StoreLimits limits)
        : this(cache)
    {
        RocksNative.rocksdb_options_set_create_if_missing(handle, 1);
        // Preallocation would use 4.4 MB of disk for the first row of each view.
        RocksNative.rocksdb_options_set_allow_fallocate(handle, 0);
        RocksNative.rocksdb_options_set_max_open_files(handle, limits.OpenFilesMax);
        RocksNative.rocksdb_options_set_keep_log_file_num(handle, 1);
        RocksNative.rocksdb_options_set_info_log_level(handle, LogErrors);
        RocksNative.rocksdb_options_set_stats_dump_period_sec(handle, 0);
        RocksNative.rocksdb_options_set_manifest_preallocation_size(handle, 16 * 1024);
        RocksNative.rocksdb_options_set_skip_stats_update_on_db_open(handle, 1);
        RocksNative.rocksdb_options_set_max_total_wal_size(handle, (ulong)limits.WriteBufferBytes * 2);
        RocksNative.rocksdb_options_set_write_buffer_size(handle, (nuint)limits.WriteBufferBytes);
        RocksNative.rocksdb_options_set_max_write_buffer_number(handle, 2);
        RocksNative.rocksdb_options_set_arena_block_size(handle, 64 * 1024);
    }

    private protected override void Free(nint pointer) => RocksNative.rocksdb_options_destroy(pointer);
}
