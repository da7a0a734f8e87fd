namespace Flume.Views.Store.Native;

/// <summary>The options of a store, or of table files for one; RocksDB copies them when it opens.</summary>
internal sealed class RocksOptions : RocksHandle
{
    // The numbers of rocksdb/c.h and of RocksDB's InfoLogLevel.
    private const int NoCompression = 0;
    private const int LogErrors = 3;

    /// <summary>The oldest table format that both RocksDB 7.8 and its successors write and read alike.</summary>
    private const int TableFormat = 5;

    private const int TableBlockBytes = 16 * 1024;

    /// <summary>Options of table files.</summary>
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

    /// <summary>Options of a store: its tables, and limits that keep an idle one small.</summary>
    internal RocksOptions(RocksCache cache, StoreLimits limits)
        : this(cache)
    {
        RocksNative.rocksdb_options_set_create_if_missing(handle, 1);
        // Preallocation would take 4.4 MB of the disk for the first row of each view.
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
