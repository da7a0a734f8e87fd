using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>An open database.</summary>
/// <remarks>
/// 1. Any thread may call; RocksDB orders writes itself. 2. Iterators and snapshots must be disposed before the
/// database.
/// </remarks>
public sealed unsafe class RocksDb : IDisposable
{
    private static readonly ReadOptions DefaultReadOptions = new();
    private static readonly WriteOptions DefaultWriteOptions = new();

    private RocksDb(nint handle) => Handle = handle;

    /// <summary>Closes what was never disposed.</summary>
    ~RocksDb() => Close();

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; private set; }

    /// <summary>Opens a database for reading and writing; one process at a time.</summary>
    public static RocksDb Open(OptionsHandle options, string path)
    {
        nint db = LibRocksDb.rocksdb_open(options.Handle, path, out nint error);
        GC.KeepAlive(options);
        RocksDbException.ThrowIf(error);
        return new RocksDb(db);
    }

    /// <summary>Opens a database as it is now, without its lock; later writes of another process stay unseen.</summary>
    public static RocksDb OpenReadOnly(OptionsHandle options, string path, bool errorIfLogFileExists)
    {
        nint db = LibRocksDb.rocksdb_open_for_read_only(
            options.Handle, path, errorIfLogFileExists ? (byte)1 : (byte)0, out nint error);
        GC.KeepAlive(options);
        RocksDbException.ThrowIf(error);
        return new RocksDb(db);
    }

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(byte[] key, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null) =>
        Get(key.AsSpan(), cf, readOptions);

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        DefaultFamily.Require(cf);
        readOptions ??= DefaultReadOptions;
        nint value, error;
        nuint length;
        fixed (byte* k = key)
            value = LibRocksDb.rocksdb_get(Open(), readOptions.Handle, k, (nuint)key.Length, out length, out error);
        GC.KeepAlive(readOptions);
        RocksDbException.ThrowIf(error);
        if (value == 0) return null;
        byte[] copy = new ReadOnlySpan<byte>((void*)value, checked((int)length)).ToArray();
        LibRocksDb.rocksdb_free(value);
        return copy;
    }

    /// <summary>Writes one row.</summary>
    public void Put(byte[] key, byte[] value, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null) =>
        Put(key.AsSpan(), value, cf, writeOptions);

    /// <summary>Writes one row.</summary>
    public void Put(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        ColumnFamilyHandle? cf = null,
        WriteOptions? writeOptions = null)
    {
        DefaultFamily.Require(cf);
        writeOptions ??= DefaultWriteOptions;
        nint error;
        fixed (byte* k = key, v = value)
            LibRocksDb.rocksdb_put(
                Open(), writeOptions.Handle, k, (nuint)key.Length, v, (nuint)value.Length, out error);
        GC.KeepAlive(writeOptions);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Removes one row; a key that is absent is no error.</summary>
    public void Remove(byte[] key, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null) =>
        Remove(key.AsSpan(), cf, writeOptions);

    /// <summary>Removes one row; a key that is absent is no error.</summary>
    public void Remove(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null)
    {
        DefaultFamily.Require(cf);
        writeOptions ??= DefaultWriteOptions;
        nint error;
        fixed (byte* k = key)
            LibRocksDb.rocksdb_delete(Open(), writeOptions.Handle, k, (nuint)key.Length, out error);
        GC.KeepAlive(writeOptions);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Writes a batch: all of it or nothing, also across a crash.</summary>
    public void Write(WriteBatch writeBatch, WriteOptions? writeOptions = null)
    {
        writeOptions ??= DefaultWriteOptions;
        LibRocksDb.rocksdb_write(Open(), writeOptions.Handle, writeBatch.Handle, out nint error);
        GC.KeepAlive(writeOptions);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>An iterator over a snapshot: that of the options, or the present.</summary>
    public Iterator NewIterator(ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        DefaultFamily.Require(cf);
        nint iterator = LibRocksDb.rocksdb_create_iterator(Open(), (readOptions ?? DefaultReadOptions).Handle);
        return new Iterator(iterator, readOptions);
    }

    /// <summary>The database as it is now, for <see cref="ReadOptions.SetSnapshot"/>.</summary>
    public Snapshot CreateSnapshot() => new(Open(), LibRocksDb.rocksdb_create_snapshot(Open()));

    /// <summary>A property by RocksDB's name for it ("rocksdb.estimate-num-keys"), or null.</summary>
    public string? GetProperty(string propertyName)
    {
        nint value = LibRocksDb.rocksdb_property_value(Open(), propertyName);
        if (value == 0) return null;
        string? text = Marshal.PtrToStringUTF8(value);
        LibRocksDb.rocksdb_free(value);
        return text;
    }

    /// <summary>Takes finished SST files into the database, all or none; their key ranges must not overlap.</summary>
    public void IngestExternalFiles(
        string[] files, IngestExternalFileOptions ingestOptions, ColumnFamilyHandle? cf = null)
    {
        DefaultFamily.Require(cf);
        LibRocksDb.rocksdb_ingest_external_file(
            Open(), files, (nuint)files.Length, ingestOptions.Handle, out nint error);
        GC.KeepAlive(ingestOptions);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Compacts the rows from start to limit; null stands for either end.</summary>
    public void CompactRange(byte[]? start, byte[]? limit, ColumnFamilyHandle? cf = null)
    {
        DefaultFamily.Require(cf);
        fixed (byte* s = start, l = limit)
            LibRocksDb.rocksdb_compact_range(
                Open(), s, (nuint)(start?.Length ?? 0), l, (nuint)(limit?.Length ?? 0));
    }

    /// <summary>Writes the memory tables to files.</summary>
    public void Flush(FlushOptions flushOptions)
    {
        LibRocksDb.rocksdb_flush(Open(), flushOptions.Handle, out nint error);
        GC.KeepAlive(flushOptions);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Makes copies of the whole database, by hard links where the file system allows.</summary>
    public Checkpoint Checkpoint()
    {
        nint checkpoint = LibRocksDb.rocksdb_checkpoint_object_create(Open(), out nint error);
        RocksDbException.ThrowIf(error);
        return new Checkpoint(checkpoint);
    }

    /// <summary>Closes the database.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private nint Open()
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        return Handle;
    }

    private void Close()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_close(Handle);
        Handle = 0;
    }
}
