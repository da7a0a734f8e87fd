namespace Flume.Views.Store.Native;

/// <summary>Iterates over a snapshot's rows. An error is thrown and never reported as the end.</summary>
/// <remarks>
/// The iterator holds the store's lease, because RocksDB must not close before its iterators. Not thread-safe.
/// </remarks>
internal sealed unsafe class RowIterator : IDisposable
{
    private readonly StoreLease _lease;
    private nint _rows;

    internal RowIterator(RocksSnapshot snapshot, StoreLease lease, string store)
    {
        _rows = snapshot.CreateIterator();
        _lease = lease;
        Store = store;
        lease.JoinAsHolder();
    }

    /// <summary>The store's folder, for errors.</summary>
    internal string Store { get; }

    /// <summary>The key of the current row. Valid until the next move.</summary>
    internal ReadOnlySpan<byte> Key => RocksNative.rocksdb_iter_key_slice(Rows).Span;

    /// <summary>The value of the current row. Valid until the next move.</summary>
    internal ReadOnlySpan<byte> Value => RocksNative.rocksdb_iter_value_slice(Rows).Span;

    // This check keeps a freed iterator away from RocksDB.
    private nint Rows
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rows == 0, this);
            return _rows;
        }
    }

    /// <summary>Moves to the first row at or after the key. False if there is none.</summary>
    internal bool Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_iter_seek(Rows, k, (nuint)key.Length);
        return Stands();
    }

    /// <summary>Moves to the last row at or before the key. False if there is none.</summary>
    internal bool SeekBack(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_iter_seek_for_prev(Rows, k, (nuint)key.Length);
        return Stands();
    }

    /// <summary>Moves to the next row.</summary>
    internal bool Next()
    {
        RocksNative.rocksdb_iter_next(Rows);
        return Stands();
    }

    /// <summary>Moves to the previous row.</summary>
    internal bool Previous()
    {
        RocksNative.rocksdb_iter_prev(Rows);
        return Stands();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rows == 0) return;
        RocksNative.rocksdb_iter_destroy(_rows);
        _rows = 0;
        _lease.Leave();
    }

    private bool Stands()
    {
        if (RocksNative.rocksdb_iter_valid(_rows) != 0) return true;
        byte* error = null;
        RocksNative.rocksdb_iter_get_error(_rows, &error);
        RocksFault.Check(error, Store, "reading rows");
        return false;
    }
}
