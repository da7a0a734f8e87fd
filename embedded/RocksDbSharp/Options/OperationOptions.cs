namespace RocksDbSharp;

/// <summary>How rows are written.</summary>
public class WriteOptions
{
    /// <summary>RocksDB's defaults: through the write-ahead log, without fsync.</summary>
    public WriteOptions() => Handle = LibRocksDb.rocksdb_writeoptions_create();

    /// <summary>Frees the native object.</summary>
    ~WriteOptions() => LibRocksDb.rocksdb_writeoptions_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>True returns only once the write-ahead log is synced. Default: false.</summary>
    public WriteOptions SetSync(bool value)
    {
        LibRocksDb.rocksdb_writeoptions_set_sync(Handle, value ? (byte)1 : (byte)0);
        return this;
    }

    /// <summary>Anything but 0 writes to memory only. Default: 0.</summary>
    public WriteOptions DisableWal(int disable)
    {
        LibRocksDb.rocksdb_writeoptions_disable_WAL(Handle, disable);
        return this;
    }
}

/// <summary>How memory tables are flushed.</summary>
public class FlushOptions
{
    private readonly nint _handle = LibRocksDb.rocksdb_flushoptions_create();

    /// <summary>Frees the native object.</summary>
    ~FlushOptions() => LibRocksDb.rocksdb_flushoptions_destroy(_handle);

    internal nint Handle => _handle;

    /// <summary>True returns only once the files are written. Default: true.</summary>
    public FlushOptions SetWaitForFlush(bool waitForFlush)
    {
        LibRocksDb.rocksdb_flushoptions_set_wait(_handle, waitForFlush ? (byte)1 : (byte)0);
        return this;
    }
}

/// <summary>How table files outside a database are written.</summary>
public class EnvOptions
{
    /// <summary>RocksDB's defaults.</summary>
    public EnvOptions() => Handle = LibRocksDb.rocksdb_envoptions_create();

    /// <summary>Frees the native object.</summary>
    ~EnvOptions() => LibRocksDb.rocksdb_envoptions_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }
}

/// <summary>How table files are taken into a database.</summary>
public class IngestExternalFileOptions
{
    /// <summary>RocksDB's defaults: files are copied.</summary>
    public IngestExternalFileOptions() => Handle = LibRocksDb.rocksdb_ingestexternalfileoptions_create();

    /// <summary>Frees the native object.</summary>
    ~IngestExternalFileOptions() => LibRocksDb.rocksdb_ingestexternalfileoptions_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>True links the files into the database instead of copying them. Default: false.</summary>
    public IngestExternalFileOptions SetMoveFiles(bool moveFiles)
    {
        LibRocksDb.rocksdb_ingestexternalfileoptions_set_move_files(Handle, moveFiles ? (byte)1 : (byte)0);
        return this;
    }
}
