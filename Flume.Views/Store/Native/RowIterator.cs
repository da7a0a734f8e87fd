namespace Flume.Views.Store.Native;

/// <summary>Moves over a snapshot's rows; an error is thrown, never taken for the end.</summary>
/// <remarks>
/// It holds a place in the store's lease, because RocksDB must not close under an iterator. For one thread at a time.
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

    /// <summary>The folder of the store, for errors.</summary>
    internal string Store { get; }

    /// <summary>The key of the row it stands on; valid until it moves.</summary>
    internal ReadOnlySpan<byte> Key => RocksNative.rocksdb_iter_key_slice(Rows).Span;

    /// <summary>The value of the row it stands on; valid until it moves.</summary>
    internal ReadOnlySpan<byte> Value => RocksNative.rocksdb_iter_value_slice(Rows).Span;

    // A freed iterator must not reach RocksDB.
    private nint Rows
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rows == 0, this);
            return _rows;
        }
    }

    /// <summary>To the first row at or behind the key; false when there is none.</summary>
    internal bool Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_iter_seek(Rows, k, (nuint)key.Length);
        return Stands();
    }

    /// <summary>To the last row at or before the key; false when there is none.</summary>
    internal bool SeekBack(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key) RocksNative.rocksdb_iter_seek_for_prev(Rows, k, (nuint)key.Length);
        return Stands();
    }

    /// <summary>One row on.</summary>
    internal bool Next()
    {
        RocksNative.rocksdb_iter_next(Rows);
        return Stands();
    }

    /// <summary>One row back.</summary>
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
