namespace RocksDbSharp;

/// <summary>Writes copies of an open database.</summary>
public class Checkpoint : IDisposable
{
    /// <summary>Takes over a native checkpoint object.</summary>
    public Checkpoint(IntPtr handle) => Handle = handle;

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; private set; }

    /// <summary>Writes a copy into a folder that must not exist; 0 flushes memory tables first.</summary>
    public void Save(string checkpointDir, ulong logSizeForFlush = 0)
    {
        LibRocksDb.rocksdb_checkpoint_create(Handle, checkpointDir, logSizeForFlush, out nint error);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Frees the native object.</summary>
    public void Dispose()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_checkpoint_object_destroy(Handle);
        Handle = 0;
        GC.SuppressFinalize(this);
    }
}
