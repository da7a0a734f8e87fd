using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>One open RocksDB database. Any thread may read. One thread writes.</summary>
/// <remarks>
/// It has no finalizer, because a snapshot or an iterator can outlive the last reference to it. The caller disposes
/// it after all snapshots and iterators.
/// </remarks>
internal sealed unsafe class RocksDatabase : IDisposable
{
    // The process shares one object of each, because RocksDB only reads them. The defaults are a write without sync
    // and a flush that waits.
    private static readonly nint WithoutSync = RocksNative.rocksdb_writeoptions_create();
    private static readonly nint Waiting = RocksNative.rocksdb_flushoptions_create();
    private static readonly nint Newest = RocksNative.rocksdb_readoptions_create();
    private static readonly nint Moving = NewMoving();

    private readonly string _folder;
    private nint _db;

    private RocksDatabase(nint db, string folder) => (_db, _folder) = (db, folder);

    private nint Open
    {
        get
        {
            ObjectDisposedException.ThrowIf(_db == 0, this);
            return _db;
        }
    }

    /// <summary>Opens the database of a folder. Creates an empty one if there is none.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="options">The options of the database.</param>
    /// <param name="readOnly">True to take no lock. A write then fails.</param>
    /// <exception cref="StoreDamagedException">Its files are not readable.</exception>
    /// <exception cref="IOException">Another process holds the database, or the file system fails.</exception>
    internal static RocksDatabase OpenAt(string folder, RocksOptions options, bool readOnly)
    {
        byte* error = null;
        nint db;
        fixed (byte* path = RocksPath.Encode(folder))
        {
            db = readOnly
                ? RocksNative.rocksdb_open_for_read_only(options.Pointer, path, 0, &error)
                : RocksNative.rocksdb_open(options.Pointer, path, &error);
        }

        GC.KeepAlive(options);
        RocksFault.Check(error, folder, "opening");
        return new RocksDatabase(db, folder);
    }

    /// <summary>Writes a batch, without fsync.</summary>
    internal void Write(RocksWriteBatch batch)
    {
        byte* error = null;
        RocksNative.rocksdb_write(Open, WithoutSync, batch.Pointer, &error);
        GC.KeepAlive(batch);
        RocksFault.Check(error, _folder, "writing");
    }

    /// <summary>The value of a key, current or in a snapshot; null if the row does not exist.</summary>
    internal byte[]? Get(ReadOnlySpan<byte> key, RocksSnapshot? snapshot, string doing)
    {
        byte* error = null, value;
        nuint length = 0;
        nint options = snapshot?.ReadOptions ?? Newest;
        fixed (byte* k = key)
            value = RocksNative.rocksdb_get(Open, options, k, (nuint)key.Length, &length, &error);
        RocksFault.Check(error, _folder, doing);
        if (value is null) return null;
        try
        {
            return new ReadOnlySpan<byte>(value, checked((int)length)).ToArray();
        }
        finally
        {
            RocksNative.rocksdb_free(value);
        }
    }

    /// <summary>Writes the rows in memory to a table file and waits for the write.</summary>
    internal void Flush()
    {
        byte* error = null;
        RocksNative.rocksdb_flush(Open, Waiting, &error);
        RocksFault.Check(error, _folder, "flushing");
    }

    /// <summary>Ingests complete tables in one step.</summary>
    internal void Ingest(IReadOnlyList<string> tables)
    {
        byte* error = null;
        byte** paths = stackalloc byte*[tables.Count];
        var pinned = new GCHandle[tables.Count];
        try
        {
            for (int i = 0; i < pinned.Length; i++)
            {
                pinned[i] = GCHandle.Alloc(RocksPath.Encode(tables[i]), GCHandleType.Pinned);
                paths[i] = (byte*)pinned[i].AddrOfPinnedObject();
            }

            RocksNative.rocksdb_ingest_external_file(Open, paths, (nuint)pinned.Length, Moving, &error);
        }
        finally
        {
            foreach (GCHandle path in pinned)
                if (path.IsAllocated) path.Free();
        }

        RocksFault.Check(error, _folder, "ingesting tables");
    }

    /// <summary>
    /// Writes a copy into a new folder. Table files are hard links if both folders are on one file system.
    /// </summary>
    internal void CopyTo(string folder)
    {
        byte* error = null;
        nint checkpoint = RocksNative.rocksdb_checkpoint_object_create(Open, &error);
        RocksFault.Check(error, _folder, "copying");
        fixed (byte* path = RocksPath.Encode(folder))
            RocksNative.rocksdb_checkpoint_create(checkpoint, path, 0, &error);
        RocksNative.rocksdb_checkpoint_object_destroy(checkpoint);
        RocksFault.Check(error, _folder, "copying");
    }

    /// <summary>The value of a numeric property; 0 if RocksDB does not know it.</summary>
    /// <param name="name">The name in UTF-8, with a terminating zero byte. Every UTF-8 literal has one.</param>
    internal long Property(ReadOnlySpan<byte> name)
    {
        ulong value = 0;
        fixed (byte* text = name) _ = RocksNative.rocksdb_property_int(Open, text, &value);
        return (long)value;
    }

    /// <summary>Creates a snapshot of the current rows.</summary>
    internal RocksSnapshot CreateSnapshot() => new(Open);

    /// <summary>Closes the database.</summary>
    public void Dispose()
    {
        nint db = Interlocked.Exchange(ref _db, 0);
        if (db != 0) RocksNative.rocksdb_close(db);
    }

    private static nint NewMoving()
    {
        nint options = RocksNative.rocksdb_ingestexternalfileoptions_create();
        RocksNative.rocksdb_ingestexternalfileoptions_set_move_files(options, 1);
        return options;
    }
}
