using System.Reflection;
using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>The functions of RocksDB's C API (rocksdb/c.h) behind this assembly, and how they are found.</summary>
/// <remarks>
/// Only functions whose signature is the same from RocksDB 7 to 10 are declared, so a newer system library serves too.
/// </remarks>
internal static unsafe partial class LibRocksDb
{
    private const string Name = "rocksdb";

    /// <summary>File names in the order they are tried: the version this was written for, then newer ones.</summary>
    private static readonly string[] FileNames =
        ["librocksdb.so.7.8", "librocksdb.so.7", "librocksdb.so.8.9", "librocksdb.so.9.10", "librocksdb.so", "rocksdb"];

    static LibRocksDb() => NativeLibrary.SetDllImportResolver(typeof(LibRocksDb).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name) return 0;
        foreach (string fileName in FileNames)
            if (NativeLibrary.TryLoad(fileName, assembly, searchPath, out nint library)) return library;
        throw new DllNotFoundException(
            $"RocksDB's native library could not be loaded; tried {string.Join(", ", FileNames)}. Install it with "
            + "'apt-get install librocksdb7.8' (Debian 12), or build with -p:FlumePackages=nuget, which brings one.");
    }

    [LibraryImport(Name)] internal static partial void rocksdb_free(nint memory);

    [LibraryImport(Name)] internal static partial nint rocksdb_options_create();
    [LibraryImport(Name)] internal static partial void rocksdb_options_destroy(nint options);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_create_if_missing(nint options, byte value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_error_if_exists(nint options, byte value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_max_open_files(nint options, int value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_keep_log_file_num(nint options, nuint value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_info_log_level(nint options, int value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_stats_dump_period_sec(nint options, uint value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_manifest_preallocation_size(nint options, nuint value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_skip_stats_update_on_db_open(nint options, byte value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_max_total_wal_size(nint options, ulong value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_write_buffer_size(nint options, nuint value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_max_write_buffer_number(nint options, int value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_arena_block_size(nint options, nuint value);
    [LibraryImport(Name)] internal static partial void rocksdb_options_set_compression(nint options, int value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_options_set_block_based_table_factory(nint options, nint table);

    [LibraryImport(Name)] internal static partial nint rocksdb_block_based_options_create();
    [LibraryImport(Name)] internal static partial void rocksdb_block_based_options_destroy(nint options);
    [LibraryImport(Name)]
    internal static partial void rocksdb_block_based_options_set_block_size(nint options, nuint value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_block_based_options_set_block_cache(nint options, nint cache);
    [LibraryImport(Name)]
    internal static partial void rocksdb_block_based_options_set_format_version(nint options, int value);

    [LibraryImport(Name)] internal static partial nint rocksdb_cache_create_lru(nuint capacity);
    [LibraryImport(Name)] internal static partial void rocksdb_cache_destroy(nint cache);
    [LibraryImport(Name)] internal static partial nuint rocksdb_cache_get_usage(nint cache);

    [LibraryImport(Name)] internal static partial nint rocksdb_readoptions_create();
    [LibraryImport(Name)] internal static partial void rocksdb_readoptions_destroy(nint options);
    [LibraryImport(Name)] internal static partial void rocksdb_readoptions_set_snapshot(nint options, nint snapshot);
    [LibraryImport(Name)] internal static partial void rocksdb_readoptions_set_fill_cache(nint options, byte value);
    [LibraryImport(Name)]
    internal static partial void rocksdb_readoptions_set_iterate_upper_bound(nint options, nint key, nuint keyLength);

    [LibraryImport(Name)] internal static partial nint rocksdb_writeoptions_create();
    [LibraryImport(Name)] internal static partial void rocksdb_writeoptions_destroy(nint options);
    [LibraryImport(Name)] internal static partial void rocksdb_writeoptions_set_sync(nint options, byte value);
    [LibraryImport(Name)] internal static partial void rocksdb_writeoptions_disable_WAL(nint options, int value);

    [LibraryImport(Name)] internal static partial nint rocksdb_flushoptions_create();
    [LibraryImport(Name)] internal static partial void rocksdb_flushoptions_destroy(nint options);
    [LibraryImport(Name)] internal static partial void rocksdb_flushoptions_set_wait(nint options, byte value);
    [LibraryImport(Name)] internal static partial nint rocksdb_envoptions_create();
    [LibraryImport(Name)] internal static partial void rocksdb_envoptions_destroy(nint options);
    [LibraryImport(Name)] internal static partial nint rocksdb_ingestexternalfileoptions_create();
    [LibraryImport(Name)] internal static partial void rocksdb_ingestexternalfileoptions_destroy(nint options);
    [LibraryImport(Name)]
    internal static partial void rocksdb_ingestexternalfileoptions_set_move_files(nint options, byte value);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_open(nint options, string path, out nint error);
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_open_for_read_only(
        nint options, string path, byte errorIfLogFileExists, out nint error);
    [LibraryImport(Name)] internal static partial void rocksdb_close(nint db);
    [LibraryImport(Name)]
    internal static partial void rocksdb_put(
        nint db, nint options, byte* key, nuint keyLength, byte* value, nuint valueLength, out nint error);
    [LibraryImport(Name)]
    internal static partial void rocksdb_delete(nint db, nint options, byte* key, nuint keyLength, out nint error);
    [LibraryImport(Name)]
    internal static partial nint rocksdb_get(
        nint db, nint options, byte* key, nuint keyLength, out nuint valueLength, out nint error);
    [LibraryImport(Name)] internal static partial void rocksdb_write(nint db, nint options, nint batch, out nint error);
    [LibraryImport(Name)] internal static partial nint rocksdb_create_iterator(nint db, nint options);
    [LibraryImport(Name)] internal static partial nint rocksdb_create_snapshot(nint db);
    [LibraryImport(Name)] internal static partial void rocksdb_release_snapshot(nint db, nint snapshot);
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_property_value(nint db, string name);
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_ingest_external_file(
        nint db, string[] files, nuint count, nint options, out nint error);
    [LibraryImport(Name)]
    internal static partial void rocksdb_compact_range(
        nint db, byte* start, nuint startLength, byte* limit, nuint limitLength);
    [LibraryImport(Name)] internal static partial void rocksdb_flush(nint db, nint options, out nint error);

    [LibraryImport(Name)] internal static partial nint rocksdb_checkpoint_object_create(nint db, out nint error);
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_checkpoint_create(
        nint checkpoint, string folder, ulong logSizeForFlush, out nint error);
    [LibraryImport(Name)] internal static partial void rocksdb_checkpoint_object_destroy(nint checkpoint);

    [LibraryImport(Name)] internal static partial void rocksdb_iter_destroy(nint iterator);
    [LibraryImport(Name)] internal static partial byte rocksdb_iter_valid(nint iterator);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_seek_to_first(nint iterator);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_seek_to_last(nint iterator);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_seek(nint iterator, byte* key, nuint keyLength);
    [LibraryImport(Name)]
    internal static partial void rocksdb_iter_seek_for_prev(nint iterator, byte* key, nuint keyLength);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_next(nint iterator);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_prev(nint iterator);
    [LibraryImport(Name)] internal static partial byte* rocksdb_iter_key(nint iterator, out nuint length);
    [LibraryImport(Name)] internal static partial byte* rocksdb_iter_value(nint iterator, out nuint length);
    [LibraryImport(Name)] internal static partial void rocksdb_iter_get_error(nint iterator, out nint error);

    [LibraryImport(Name)] internal static partial nint rocksdb_writebatch_create();
    [LibraryImport(Name)] internal static partial void rocksdb_writebatch_destroy(nint batch);
    [LibraryImport(Name)] internal static partial void rocksdb_writebatch_clear(nint batch);
    [LibraryImport(Name)] internal static partial int rocksdb_writebatch_count(nint batch);
    [LibraryImport(Name)]
    internal static partial void rocksdb_writebatch_put(
        nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);
    [LibraryImport(Name)]
    internal static partial void rocksdb_writebatch_delete(nint batch, byte* key, nuint keyLength);

    [LibraryImport(Name)] internal static partial nint rocksdb_sstfilewriter_create(nint envOptions, nint ioOptions);
    [LibraryImport(Name)] internal static partial void rocksdb_sstfilewriter_destroy(nint writer);
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_sstfilewriter_open(nint writer, string path, out nint error);
    [LibraryImport(Name)]
    internal static partial void rocksdb_sstfilewriter_put(
        nint writer, byte* key, nuint keyLength, byte* value, nuint valueLength, out nint error);
    [LibraryImport(Name)] internal static partial void rocksdb_sstfilewriter_finish(nint writer, out nint error);
}
