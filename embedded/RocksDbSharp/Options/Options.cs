namespace RocksDbSharp;

/// <summary>A native options object.</summary>
public abstract class OptionsHandle
{
    /// <summary>RocksDB's defaults.</summary>
    public OptionsHandle() => Handle = LibRocksDb.rocksdb_options_create();

    /// <summary>Frees the native object; an open database keeps its own copy.</summary>
    ~OptionsHandle() => LibRocksDb.rocksdb_options_destroy(Handle);

    /// <summary>The native handle.</summary>
    public IntPtr Handle { get; }
}

/// <summary>The options of databases and column families; each call returns the object it was called on.</summary>
public abstract class Options<T> : OptionsHandle
    where T : Options<T>
{
    // The table options and their cache live as long as the options that point to them.
    private BlockBasedTableOptions? _table;

    /// <summary>Makes the database when it is missing. Default: false.</summary>
    public T SetCreateIfMissing(bool value = true)
    {
        LibRocksDb.rocksdb_options_set_create_if_missing(Handle, value ? (byte)1 : (byte)0);
        return (T)this;
    }

    /// <summary>Fails when the database exists. Default: false.</summary>
    public T SetErrorIfExists(bool value = true)
    {
        LibRocksDb.rocksdb_options_set_error_if_exists(Handle, value ? (byte)1 : (byte)0);
        return (T)this;
    }

    /// <summary>The most table files kept open; -1 keeps all. Default: -1.</summary>
    public T SetMaxOpenFiles(int value)
    {
        LibRocksDb.rocksdb_options_set_max_open_files(Handle, value);
        return (T)this;
    }

    /// <summary>How many of RocksDB's own text logs are kept; at least 1. Default: 1000.</summary>
    public T SetKeepLogFileNum(ulong value)
    {
        LibRocksDb.rocksdb_options_set_keep_log_file_num(Handle, (nuint)value);
        return (T)this;
    }

    /// <summary>How much goes to RocksDB's own text log. Default: Info.</summary>
    public T SetInfoLogLevel(InfoLogLevel value)
    {
        LibRocksDb.rocksdb_options_set_info_log_level(Handle, (int)value);
        return (T)this;
    }

    /// <summary>Seconds between statistics in the text log; 0 for never. Default: 600.</summary>
    public T SetStatsDumpPeriodSec(uint value)
    {
        LibRocksDb.rocksdb_options_set_stats_dump_period_sec(Handle, value);
        return (T)this;
    }

    /// <summary>Bytes that the manifest reserves on disk. Default: 4 MiB.</summary>
    public T SetManifestPreallocationSize(ulong value)
    {
        LibRocksDb.rocksdb_options_set_manifest_preallocation_size(Handle, (nuint)value);
        return (T)this;
    }

    /// <summary>True opens without reading each table's properties. Default: false.</summary>
    public T SkipStatsUpdateOnOpen(bool val = false)
    {
        LibRocksDb.rocksdb_options_set_skip_stats_update_on_db_open(Handle, val ? (byte)1 : (byte)0);
        return (T)this;
    }

    /// <summary>Bytes of write-ahead log above which memory tables are flushed. Default: 4 × the buffers.</summary>
    public T SetMaxTotalWalSize(ulong n)
    {
        LibRocksDb.rocksdb_options_set_max_total_wal_size(Handle, n);
        return (T)this;
    }

    /// <summary>Bytes of one memory table. Default: 64 MiB.</summary>
    public T SetWriteBufferSize(ulong value)
    {
        LibRocksDb.rocksdb_options_set_write_buffer_size(Handle, (nuint)value);
        return (T)this;
    }

    /// <summary>The most memory tables, the one being written included. Default: 2.</summary>
    public T SetMaxWriteBufferNumber(int value)
    {
        LibRocksDb.rocksdb_options_set_max_write_buffer_number(Handle, value);
        return (T)this;
    }

    /// <summary>Bytes that a memory table takes at a time. Default: 1/8 of the write buffer, at most 1 MiB.</summary>
    public T SetArenaBlockSize(ulong value)
    {
        LibRocksDb.rocksdb_options_set_arena_block_size(Handle, (nuint)value);
        return (T)this;
    }

    /// <summary>How blocks of tables are compressed. Default: Snappy where the library has it.</summary>
    public T SetCompression(Compression value)
    {
        LibRocksDb.rocksdb_options_set_compression(Handle, (int)value);
        return (T)this;
    }

    /// <summary>The table format's own options.</summary>
    public T SetBlockBasedTableFactory(BlockBasedTableOptions table_options)
    {
        _table = table_options;
        LibRocksDb.rocksdb_options_set_block_based_table_factory(Handle, _table.Handle);
        return (T)this;
    }
}

/// <summary>The options of a database.</summary>
public class DbOptions : Options<DbOptions>;

/// <summary>The options of a column family, and of the files that <see cref="SstFileWriter"/> writes.</summary>
public class ColumnFamilyOptions : Options<ColumnFamilyOptions>;
