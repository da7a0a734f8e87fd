namespace Flume.Views.Store.Native;

/// <summary>Rows that are written in one step. For one thread at a time.</summary>
internal sealed unsafe class RocksWriteBatch() : RocksHandle(RocksNative.rocksdb_writebatch_create())
{
    /// <summary>Empties it, and keeps its memory for the next rows.</summary>
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

    /// <summary>Removes a row, if there is one.</summary>
    internal void Delete(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_writebatch_delete(Pointer, k, (nuint)key.Length);
        GC.KeepAlive(this);
    }

    private protected override void Free(nint pointer) => RocksNative.rocksdb_writebatch_destroy(pointer);
}
