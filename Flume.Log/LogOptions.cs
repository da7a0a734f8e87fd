namespace Flume.Log;

/// <summary>How a log is opened; every limit of the log has its number here.</summary>
public sealed record LogOptions
{
    /// <summary>The width of end markers; null finds it out, or takes 32 bits for a new log.</summary>
    public OffsetWidth? Width { get; init; }

    /// <summary>Follow a log that somebody else writes: takes no lock, creates, cuts and changes nothing.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Hold the locks of the LevelDB views beside the log, so that no JavaScript server starts on its directory. Views
    /// that every such server keeps are made where they are missing.
    /// </summary>
    public bool HoldsViewLocks { get; init; }

    /// <summary>
    /// Read through a memory map; null for a map unless the log is only followed. A mapped page that another process cut
    /// off, or that the device cannot read, ends this process (SIGBUS). Read by position it is an error, and reading is
    /// slower.
    /// </summary>
    public bool? Map { get; init; }

    /// <summary>Bytes of address space (not memory) that one window of the map covers.</summary>
    public long MapChunkBytes { get; init; } = 256L << 20;

    /// <summary>The largest payload an append accepts. Larger records of an existing log can still be read.</summary>
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>The largest sum of frames that one append accepts.</summary>
    public int AppendBytesMax { get; init; } = 256 << 20;

    /// <summary>Bytes of log behind one checksum of the side file; a power of two from 4096 to 1 MiB.</summary>
    public int CrcBlockBytes { get; init; } = 65536;

    /// <summary>
    /// Compare each block that has a checksum with it when it is first read: a changed byte is damage, not data.
    /// </summary>
    public bool CompareOnRead { get; init; } = true;

    /// <summary>How often a follower that somebody waits on looks at the file's length, in milliseconds.</summary>
    public int FollowPollMs { get; init; } = 100;

    /// <summary>The clock behind <see cref="FollowPollMs"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What stands between the log and the file system.</summary>
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
