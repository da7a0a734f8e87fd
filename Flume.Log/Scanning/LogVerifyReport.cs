namespace Flume.Log;

/// <summary>The options of a verification.</summary>
public sealed record LogVerifyOptions
{
    /// <summary>The maximum number of damaged sections to list. All of them are counted.</summary>
    public int DamageListedMax { get; init; } = 100;

    /// <summary>Also compares the checksums of the side file, if any.</summary>
    public bool CompareChecksums { get; init; } = true;

    /// <summary>The offset width, for a log too damaged to detect it.</summary>
    public OffsetWidth? Width { get; init; }
}

/// <summary>One damaged section of a log.</summary>
/// <param name="Offset">The offset of its first record.</param>
/// <param name="Bytes">Bytes up to the next valid record, or the bytes of the block for a checksum.</param>
/// <param name="Reason">The values that disagree.</param>
public readonly record struct LogDamage(Offset Offset, long Bytes, string Reason);

/// <summary>The progress of a scan.</summary>
/// <param name="Position">Bytes processed.</param>
/// <param name="EndPosition">Bytes in total.</param>
/// <param name="Records">Records so far, deleted ones included.</param>
public readonly record struct LogProgress(long Position, long EndPosition, long Records);

/// <summary>The result of a verification.</summary>
public sealed record LogVerifyReport
{
    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The offset width.</summary>
    public required OffsetWidth Width { get; init; }

    /// <summary>Offset of the last readable record.</summary>
    public required Offset Head { get; init; }

    /// <summary>The byte after the last readable record.</summary>
    public required long EndPosition { get; init; }

    /// <summary>The bytes after it that are not a complete record.</summary>
    public required long TornBytes { get; init; }

    /// <summary>The number of complete records, including deleted ones.</summary>
    public long Records { get; set; }

    /// <summary>The number of records whose payload is empty or all zeros.</summary>
    public long Deleted { get; set; }

    /// <summary>The number of blocks whose checksum was compared.</summary>
    public int BlocksCompared { get; set; }

    /// <summary>The damaged sections in log order, up to the listing limit.</summary>
    public IReadOnlyList<LogDamage> Damage { get; set; } = [];

    /// <summary>The number of damaged sections, listed or not.</summary>
    public long DamageCount { get; set; }

    /// <summary>The duration.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>True if all records up to the head are valid. A torn end does not count.</summary>
    public bool Sound => DamageCount == 0;

    /// <summary>Bytes verified per second.</summary>
    public double BytesPerSecond => EndPosition / Math.Max(1e-9, Elapsed.TotalSeconds);
}
