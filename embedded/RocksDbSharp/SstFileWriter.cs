namespace RocksDbSharp;

/// <summary>Writes a sorted table file outside any database, for <see cref="RocksDb.IngestExternalFiles"/>.</summary>
/// <remarks>Keys strictly ascend. The file is complete and synced once <see cref="Finish"/> returned.</remarks>
public unsafe class SstFileWriter : IDisposable
{
    // RocksDB reads both options while the writer lives.
    private readonly EnvOptions _envOptions;
    private readonly ColumnFamilyOptions _ioOptions;

    /// <summary>A writer whose files have these options' block size, compression and table format.</summary>
    public SstFileWriter(EnvOptions? envOptions = null, ColumnFamilyOptions? ioOptions = null)
    {
        _envOptions = envOptions ?? new EnvOptions();
        _ioOptions = ioOptions ?? new ColumnFamilyOptions();
        Handle = LibRocksDb.rocksdb_sstfilewriter_create(_envOptions.Handle, _ioOptions.Handle);
    }

    /// <summary>The native handle; zero once disposed.</summary>
    public IntPtr Handle { get; protected set; }

    /// <summary>Starts a file.</summary>
    public void Open(string filename)
    {
        LibRocksDb.rocksdb_sstfilewriter_open(Handle, filename, out nint error);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Appends one row.</summary>
    public void Put(byte[] key, byte[] val)
    {
        nint error;
        fixed (byte* k = key, v = val)
            LibRocksDb.rocksdb_sstfilewriter_put(Handle, k, (nuint)key.Length, v, (nuint)val.Length, out error);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Completes the file; a file without rows is an error.</summary>
    public void Finish()
    {
        LibRocksDb.rocksdb_sstfilewriter_finish(Handle, out nint error);
        RocksDbException.ThrowIf(error);
    }

    /// <summary>Frees the writer.</summary>
    public void Dispose()
    {
        if (Handle == 0) return;
        LibRocksDb.rocksdb_sstfilewriter_destroy(Handle);
        GC.KeepAlive(_envOptions);
        GC.KeepAlive(_ioOptions);
        Handle = 0;
        GC.SuppressFinalize(this);
    }
}
