using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>The functions of RocksDB's C interface that a store needs, as declared in <c>rocksdb/c.h</c>.</summary>
/// <remarks>
/// The RocksDB package contains the native library. Its managed binding, RocksDbSharp, emits a delegate for each of
/// 1,766 functions at first use, which takes 190 ms. These calls are generated at compile time
/// (docs/decisions/0001-native-rocksdb-calls.md). Ownership:
/// 1. Each native object has one managed owner in this folder, which frees it once. No other folder calls this class.
/// 2. An object of a database (iterator, snapshot, its read options) is freed before the database.
///    <see cref="StoreLease"/> counts these objects. They have no finalizer.
/// 3. An object without a database (cache, options, batch, table writer) is a <see cref="RocksHandle"/>. Its
///    finalizer frees it if the owner does not.
/// 4. RocksDB copies options, paths, keys and values during a call. So a caller's memory is pinned only for the call.
/// 5. The caller owns a returned string or value. It copies it, then calls <see cref="rocksdb_free"/>.
/// 6. RocksDB owns an iterator's slice. The slice is valid until the iterator moves.
/// 7. An error is null before a call. <see cref="RocksFault.Check"/> frees an error that is not null after the call.
/// </remarks>
internal static unsafe partial class RocksNative
{
    private const string Library = "rocksdb";

    /// <summary>Loads the library before the first call.</summary>
    static RocksNative() => NativeLibrary.SetDllImportResolver(typeof(RocksNative).Assembly, RocksLibrary.Resolve);

    /// <summary>A byte range that RocksDB owns.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Slice
    {
        private readonly byte* _data;
        private readonly nuint _length;

        internal ReadOnlySpan<byte> Span => new(_data, checked((int)_length));
    }

    [LibraryImport(Library)]
    internal static partial void rocksdb_free(void* memory);

    // Databases
    [LibraryImport(Library)]
    internal static partial nint rocksdb_open(nint options, byte* path, byte** error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_open_for_read_only(
        nint options, byte* path, byte failIfWalExists, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_close(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_write(nint db, nint options, nint batch, byte** error);

    [LibraryImport(Library)]
    internal static partial byte* rocksdb_get(
        nint db, nint options, byte* key, nuint keyLength, nuint* valueLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_flush(nint db, nint options, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingest_external_file(
        nint db, byte** paths, nuint count, nint options, byte** error);

    [LibraryImport(Library)]
    internal static partial int rocksdb_property_int(nint db, byte* name, ulong* value);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_checkpoint_object_create(nint db, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_checkpoint_create(
        nint checkpoint, byte* folder, ulong logSizeForFlush, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_checkpoint_object_destroy(nint checkpoint);

    // Snapshots and iterators. Calls that only read a field of the iterator stay in the runtime's cooperative mode.
    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_snapshot(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_release_snapshot(nint db, nint snapshot);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_iterator(nint db, nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_destroy(nint iterator);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek(nint iterator, byte* key, nuint keyLength);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek_for_prev(nint iterator, byte* key, nuint keyLength);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_next(nint iterator);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_prev(nint iterator);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial byte rocksdb_iter_valid(nint iterator);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial Slice rocksdb_iter_key_slice(nint iterator);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial Slice rocksdb_iter_value_slice(nint iterator);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_get_error(nint iterator, byte** error);

    // Write batches
    [LibraryImport(Library)]
    internal static partial nint rocksdb_writebatch_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_destroy(nint batch);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_clear(nint batch);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_put(
        nint batch, byte* key, nuint keyLength, byte* value, nuint valueLength);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_delete(nint batch, byte* key, nuint keyLength);

    // Table files
    [LibraryImport(Library)]
    internal static partial nint rocksdb_envoptions_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_envoptions_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_sstfilewriter_create(nint envOptions, nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_destroy(nint writer);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_open(nint writer, byte* path, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_put(
        nint writer, byte* key, nuint keyLength, byte* value, nuint valueLength, byte** error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_finish(nint writer, byte** error);
}
