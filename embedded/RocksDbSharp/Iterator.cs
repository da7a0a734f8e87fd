namespace RocksDbSharp;

/// <summary>Walks the rows of a database in key order; for one thread at a time.</summary>
/// <remarks>
/// 1. Spans are valid until the iterator moves or is disposed. 2. <see cref="Valid"/> is false at the end and after an
/// error: ask <see cref="Native.rocksdb_iter_get_error"/> which.
/// </remarks>
public unsafe class Iterator : IDisposable
{
    // RocksDB reads the bounds and the snapshot of the options in place.
    private readonly ReadOptions? _readOptions;

    internal Iterator(nint handle, ReadOptions? readOptions)
    {
        Handle = handle;
        _readOptions = readOptions;
    }

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; private set; }

    /// <summary>True while it stands on a row.</summary>
    public bool Valid() => LibRocksDb.rocksdb_iter_valid(Open()) != 0;

    /// <summary>Moves to the first row.</summary>
    public Iterator SeekToFirst()
    {
        LibRocksDb.rocksdb_iter_seek_to_first(Open());
        return this;
    }

    /// <summary>Moves to the last row.</summary>
    public Iterator SeekToLast()
    {
        LibRocksDb.rocksdb_iter_seek_to_last(Open());
        return this;
    }

    /// <summary>Moves to the first row at or after the key.</summary>
    public Iterator Seek(byte[] key) => Seek(key.AsSpan());

    /// <summary>Moves to the first row at or after the key.</summary>
    public Iterator Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) LibRocksDb.rocksdb_iter_seek(Open(), k, (nuint)key.Length);
        return this;
    }

    /// <summary>Moves to the last row at or before the key.</summary>
    public Iterator SeekForPrev(byte[] key) => SeekForPrev(key.AsSpan());

    /// <summary>Moves to the last row at or before the key.</summary>
    public Iterator SeekForPrev(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) LibRocksDb.rocksdb_iter_seek_for_prev(Open(), k, (nuint)key.Length);
        return this;
    }

    /// <summary>Moves one row forward; the iterator must be valid.</summary>
    public Iterator Next()
    {
        LibRocksDb.rocksdb_iter_next(Open());
        return this;
    }

    /// <summary>Moves one row back; the iterator must be valid.</summary>
    public Iterator Prev()
    {
        LibRocksDb.rocksdb_iter_prev(Open());
        return this;
    }

    /// <summary>A copy of the key.</summary>
    public byte[] Key() => GetKeySpan().ToArray();

    /// <summary>A copy of the value.</summary>
    public byte[] Value() => GetValueSpan().ToArray();

    /// <summary>The key in RocksDB's own memory.</summary>
    public ReadOnlySpan<byte> GetKeySpan()
    {
        byte* key = LibRocksDb.rocksdb_iter_key(Open(), out nuint length);
        return new ReadOnlySpan<byte>(key, checked((int)length));
    }

    /// <summary>The value in RocksDB's own memory.</summary>
    public ReadOnlySpan<byte> GetValueSpan()
    {
        byte* value = LibRocksDb.rocksdb_iter_value(Open(), out nuint length);
        return new ReadOnlySpan<byte>(value, checked((int)length));
    }

    /// <summary>Frees the iterator and what it pins; its database must still be open.</summary>
    public void Dispose()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_iter_destroy(Handle);
        GC.KeepAlive(_readOptions);
        Handle = 0;
        GC.SuppressFinalize(this);
    }

    private nint Open()
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        return Handle;
    }
}
