namespace Flume.Views.Store.Native;

/// <summary>Rows to write in one step. Not thread-safe.</summary>
internal sealed unsafe class RocksWriteBatch() : RocksHandle(RocksNative.rocksdb_writebatch_create())
{
    /// <summary>Clears the batch and keeps its memory.</summary>
    internal void Clear()
    {
        RocksNative.rocksdb_writebatch_clear(Pointer);
        GC.KeepAlive(this);
    }

    /// <summary>Sets a row.</summary>
    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
            RocksNative.rocksdb_writebatch_put(Pointer, k, (nuint)key.Length, v, (nuint)value.Length);
        GC.KeepAlive(this);
    }

    /// <summary>Removes a row, if it exists.</summary>
    internal void Delete(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_writebatch_delete(Pointer, k, (nuint)key.Length);
        GC.KeepAlive(this);
    }

    private protected override void Free(nint pointer) => RocksNative.rocksdb_writebatch_destroy(pointer);
}
