namespace Flume.Views.Store.Native;

/// <summary>The rows of one moment. It is disposed before its database closes.</summary>
/// <remarks>An iterator keeps the rows that it began with, so it may outlive the snapshot.</remarks>
internal sealed class RocksSnapshot : IDisposable
{
    private readonly nint _db;
    private nint _snapshot;
    private nint _options;

    internal RocksSnapshot(nint db)
    {
        _db = db;
        _snapshot = RocksNative.rocksdb_create_snapshot(db);
        _options = RocksNative.rocksdb_readoptions_create();
        RocksNative.rocksdb_readoptions_set_snapshot(_options, _snapshot);
    }

    /// <summary>Options of a read that sees these rows.</summary>
    internal nint ReadOptions
    {
        get
        {
            ObjectDisposedException.ThrowIf(_options == 0, this);
            return _options;
        }
    }

    /// <summary>A new iterator over these rows; the caller destroys it.</summary>
    internal nint CreateIterator() => RocksNative.rocksdb_create_iterator(_db, ReadOptions);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_options == 0) return;
        RocksNative.rocksdb_readoptions_destroy(_options);
        RocksNative.rocksdb_release_snapshot(_db, _snapshot);
        _options = _snapshot = 0;
    }
}
