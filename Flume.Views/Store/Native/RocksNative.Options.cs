using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>Options and the block cache.</summary>
internal static unsafe partial class RocksNative
{
    [LibraryImport(Library)]
    internal static partial nint rocksdb_cache_create_lru(nuint capacity);

    [LibraryImport(Library)]
    internal static partial void rocksdb_cache_destroy(nint cache);

    [LibraryImport(Library)]
    internal static partial nuint rocksdb_cache_get_usage(nint cache);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_block_based_options_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_cache(nint options, nint cache);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_format_version(nint options, int version);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_options_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_block_based_table_factory(nint options, nint tables);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_compression(nint options, int compression);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_allow_fallocate(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_create_if_missing(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_open_files(nint options, int count);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_keep_log_file_num(nint options, nuint count);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_info_log_level(nint options, int level);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_stats_dump_period_sec(nint options, uint seconds);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_manifest_preallocation_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_skip_stats_update_on_db_open(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_total_wal_size(nint options, ulong bytes);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_write_buffer_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_write_buffer_number(nint options, int count);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_arena_block_size(nint options, nuint bytes);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_readoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_readoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_readoptions_set_snapshot(nint options, nint snapshot);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_writeoptions_create();

    [LibraryImport(Library)]
    internal static partial nint rocksdb_flushoptions_create();

    [LibraryImport(Library)]
    internal static partial nint rocksdb_ingestexternalfileoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingestexternalfileoptions_set_move_files(nint options, byte value);
}
