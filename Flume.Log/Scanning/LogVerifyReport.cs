namespace Flume.Log;

/// <summary>How a log is verified.</summary>
public sealed record LogVerifyOptions
{
    /// <summary>How many places of damage are listed; further ones are only counted.</summary>
    public int DamageListedMax { get; init; } = 100;

    /// <summary>Also compare the checksums of the side file, where there are any.</summary>
    public bool CompareChecksums { get; init; } = true;

    /// <summary>The width, for logs so damaged that it cannot be told.</summary>
    public OffsetWidth? Width { get; init; }
}

/// <summary>One stretch of a log that does not verify.</summary>
/// <param name="Offset">Where the first record of it starts, or should.</param>
/// <param name="Bytes">Bytes up to the next whole record; those of the block for a checksum.</param>
/// <param name="Reason">What disagreed with what.</param>
public readonly record struct LogDamage(Offset Offset, long Bytes, string Reason);

/// <summary>How far a walk through a log has come.</summary>
/// <param name="Position">Bytes done.</param>
/// <param name="EndPosition">Bytes there are.</param>
/// <param name="Records">Records so far, deleted ones included.</param>
public readonly record struct LogProgress(long Position, long EndPosition, long Records);

/// <summary>What verifying a log found.</summary>
public sealed record LogVerifyReport
{
    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Its width.</summary>
    public required OffsetWidth Width { get; init; }

    /// <summary>Offset of the last readable record.</summary>
    public required Offset Head { get; init; }

    /// <summary>The byte after the last readable record.</summary>
    public required long EndPosition { get; init; }

    /// <summary>Bytes behind it that are no whole record.</summary>
    public required long TornBytes { get; init; }

    /// <summary>Whole records, deleted ones included.</summary>
    public long Records { get; set; }

    /// <summary>Records whose payload is empty or all zeros.</summary>
    public long Deleted { get; set; }

    /// <summary>Blocks whose checksum was known and compared.</summary>
    public int BlocksCompared { get; set; }

    /// <summary>Places that do not verify, in log order, as many as were asked for.</summary>
    public IReadOnlyList<LogDamage> Damage { get; set; } = [];

    /// <summary>Places that do not verify, listed or not.</summary>
    public long DamageCount { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>True when all records below the head verify. A torn end is none of them.</summary>
    public bool Sound => DamageCount == 0;

    /// <summary>Bytes verified per second.</summary>
    public double BytesPerSecond => EndPosition / Math.Max(1e-9, Elapsed.TotalSeconds);
}
