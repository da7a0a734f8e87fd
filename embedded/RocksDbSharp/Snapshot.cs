namespace RocksDbSharp;

/// <summary>A database as it was at one moment; readable from any thread.</summary>
public class Snapshot : IDisposable
{
    private readonly nint _db;

    internal Snapshot(nint db, nint handle)
    {
        _db = db;
        Handle = handle;
    }

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; private set; }

    /// <summary>Releases the snapshot; its database must still be open.</summary>
    public void Dispose()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_release_snapshot(_db, Handle);
        Handle = 0;
        GC.SuppressFinalize(this);
    }
}
