namespace RocksDbSharp;

/// <summary>How blocks of tables are compressed.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    No = 0,

    /// <summary>Snappy.</summary>
    Snappy = 1,

    /// <summary>Zlib.</summary>
    Zlib = 2,

    /// <summary>Bzip2.</summary>
    Bz2 = 3,

    /// <summary>LZ4.</summary>
    Lz4 = 4,

    /// <summary>LZ4, high compression.</summary>
    Lz4hc = 5,

    /// <summary>Xpress (Windows).</summary>
    Xpress = 6,

    /// <summary>Zstandard.</summary>
    Zstd = 7,
}

/// <summary>How much RocksDB writes to its own text log.</summary>
public enum InfoLogLevel
{
    /// <summary>Everything.</summary>
    Debug,

    /// <summary>Flushes, compactions and worse.</summary>
    Info,

    /// <summary>Warnings and worse.</summary>
    Warn,

    /// <summary>Errors and worse.</summary>
    Error,

    /// <summary>Fatal errors only.</summary>
    Fatal,

    /// <summary>The header only.</summary>
    Header,
}
