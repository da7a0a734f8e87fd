namespace Flume.Log;

/// <summary>Options for opening a log, including all limits of the log.</summary>
public sealed record LogOptions
{
    /// <summary>The width of end markers. Null detects it, or uses 32 bits for a new log.</summary>
    public OffsetWidth? Width { get; init; }

    /// <summary>Follows a log that another process writes. Takes no lock, and creates and changes no file.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Hold the locks of the LevelDB views beside the log, so that no JavaScript server starts on its directory. Views
    /// that every such server keeps are made where they are missing.
    /// </summary>
    public bool HoldsViewLocks { get; init; }

    /// <summary>
    /// Read through a memory map; null for a map unless the log is only followed. A mapped page that
    /// another process cut off, or that the device cannot read, ends this process (SIGBUS). Read by
    /// position it is an error, and reading is slower.
    /// </summary>
    public bool? Map { get; init; }

    /// <summary>Bytes of address space (not memory) that one window of the map covers.</summary>
    public long MapChunkBytes { get; init; } = 256L << 20;

    /// <summary>The largest payload an append accepts. Larger records of an existing log can still be read.</summary>
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>The largest sum of frames that one append accepts.</summary>
    public int AppendBytesMax { get; init; } = 256 << 20;

    /// <summary>Bytes of log per checksum in the side file; a power of two from 4096 to 1 MiB.</summary>
    public int CrcBlockBytes { get; init; } = 65536;

    /// <summary>
    /// Compares each block with its checksum at its first read. A changed byte is reported as damage.
    /// </summary>
    public bool CompareOnRead { get; init; } = true;

    /// <summary>The interval, in milliseconds, at which a follower with waiters reads the file's length.</summary>
    public int FollowPollMs { get; init; } = 100;

    /// <summary>The clock for <see cref="FollowPollMs"/> and retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The file system that the log uses.</summary>
    internal ILogDisk Disk { get; init; } = LogDisk.Instance;

    /// <summary>True when the log is read through a map.</summary>
    internal bool UsesMap => Map ?? !ReadOnly;

    internal void Validate()
    {
        Within(MapChunkBytes, 1 << 20, 1 << 30, nameof(MapChunkBytes));
        Within(RecordBytesMax, 1, 512 << 20, nameof(RecordBytesMax));
        Within(AppendBytesMax, 1, 1 << 30, nameof(AppendBytesMax));
        Within(CrcBlockBytes, 4096, 1 << 20, nameof(CrcBlockBytes));
        Within(FollowPollMs, 1, 60_000, nameof(FollowPollMs));
        if (!int.IsPow2(CrcBlockBytes))
            throw new ArgumentException($"{nameof(CrcBlockBytes)} is {CrcBlockBytes}; expected a power of two.");
        if (Width is { } width && !Enum.IsDefined(width))
            throw new ArgumentException($"{nameof(Width)} is {width}; expected Bits32, Bits48 or Bits53.");
    }

    private static void Within(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} is {value}; expected {least} to {most}.");
    }
}
