using Flume.Log;

namespace Flume.Views.Checking;

/// <summary>What checking one view found.</summary>
public sealed record ViewCheckReport
{
    /// <summary>The view.</summary>
    public required string View { get; init; }

    /// <summary>The last entry that the checked rows reflect (inclusive).</summary>
    public required Offset Since { get; init; }

    /// <summary>Records compared: all up to since, or as many as were sampled.</summary>
    public long Records { get; init; }

    /// <summary>Stored rows compared: all, or as many as were sampled beside those of the sampled records.</summary>
    public long Rows { get; init; }

    /// <summary>True when every record and every row was compared.</summary>
    public bool IsFull { get; init; }

    /// <summary>
    /// The part of records that could have lost rows with a chance of 1 % at most to go unnoticed; 0 when all were seen.
    /// </summary>
    public double RecordsBound { get; init; }

    /// <summary>As <see cref="RecordsBound"/>, for stored rows that are wrong.</summary>
    public double RowsBound { get; init; }

    /// <summary>What the random choice was made with; the same seed chooses the same again.</summary>
    public int? Seed { get; init; }

    /// <summary>Rows that disagree, among those looked at one by one.</summary>
    public long Wrong { get; init; }

    /// <summary>The first of them, in the order of indexes and offsets.</summary>
    public IReadOnlyList<RowDifference> Differences { get; init; } = [];

    /// <summary>Stretches of the log whose rows disagree and were not looked at one by one: too many do.</summary>
    public int MoreStretches { get; init; }

    /// <summary>What else disagrees, in sentences: counters, a store that does not read, a view that throws.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>True when nothing disagrees.</summary>
    public bool Agrees => Wrong == 0 && MoreStretches == 0 && Faults.Count == 0;
}

/// <summary>How far a check has come, in bytes of log and rows together: a number to draw a bar with.</summary>
public readonly record struct ViewCheckProgress(long Done, long Total);
