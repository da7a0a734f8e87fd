namespace Flume.Views.Store.Native;

/// <summary>The rows at one moment. It is disposed before its database.</summary>
/// <remarks>An iterator keeps the rows of its creation, so it may outlive the snapshot.</remarks>
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

    /// <summary>The options of a read of these rows.</summary>
    internal nint ReadOptions
    {
        get
        {
            ObjectDisposedException.ThrowIf(_options == 0, this);
            return _options;
        }
    }

    /// <summary>Creates an iterator over these rows. The caller destroys it.</summary>
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
