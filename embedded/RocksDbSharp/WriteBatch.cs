namespace RocksDbSharp;

/// <summary>Rows to write and remove together; reusable, for one thread at a time.</summary>
public unsafe class WriteBatch : IDisposable
{
    /// <summary>An empty batch.</summary>
    public WriteBatch() => Handle = LibRocksDb.rocksdb_writebatch_create();

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; private set; }

    /// <summary>Empties the batch.</summary>
    public WriteBatch Clear()
    {
        LibRocksDb.rocksdb_writebatch_clear(Open());
        return this;
    }

    /// <summary>The rows that were put or deleted.</summary>
    public int Count() => LibRocksDb.rocksdb_writebatch_count(Open());

    /// <summary>Adds one row; the bytes are copied.</summary>
    public WriteBatch Put(byte[] key, byte[] val, ColumnFamilyHandle? cf = null) =>
        Put(key.AsSpan(), val.AsSpan(), cf);

    /// <summary>Adds one row; the bytes are copied.</summary>
    public WriteBatch Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? cf = null)
    {
        DefaultFamily.Require(cf);
        fixed (byte* k = key, v = value)
            LibRocksDb.rocksdb_writebatch_put(Open(), k, (nuint)key.Length, v, (nuint)value.Length);
        return this;
    }

    /// <summary>Adds the removal of one row.</summary>
    public WriteBatch Delete(byte[] key, ColumnFamilyHandle? cf = null) => Delete(key.AsSpan(), cf);

    /// <summary>Adds the removal of one row.</summary>
    public WriteBatch Delete(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null)
    {
        DefaultFamily.Require(cf);
        fixed (byte* k = key) LibRocksDb.rocksdb_writebatch_delete(Open(), k, (nuint)key.Length);
        return this;
    }

    /// <summary>Frees the batch.</summary>
    public void Dispose()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_writebatch_destroy(Handle);
        Handle = 0;
        GC.SuppressFinalize(this);
    }

    private nint Open()
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        return Handle;
    }
}
