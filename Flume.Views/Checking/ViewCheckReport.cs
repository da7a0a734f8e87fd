using Flume.Log;

namespace Flume.Views.Checking;

/// <summary>The result of checking one view.</summary>
public sealed record ViewCheckReport
{
    /// <summary>The view.</summary>
    public required string View { get; init; }

    /// <summary>The last entry that the checked rows reflect (inclusive).</summary>
    public required Offset Since { get; init; }

    /// <summary>The number of records compared: all records up to since, or the sample.</summary>
    public long Records { get; init; }

    /// <summary>
    /// The number of stored rows compared: all rows, or the sample without the rows of sampled records.
    /// </summary>
    public long Rows { get; init; }

    /// <summary>True when every record and every row was compared.</summary>
    public bool IsFull { get; init; }

    /// <summary>
    /// The largest fraction of records with missing rows that the sample misses with a probability of at most 1 %. It
    /// is 0 for a full check.
    /// </summary>
    public double RecordsBound { get; init; }

    /// <summary>As <see cref="RecordsBound"/>, for wrong stored rows.</summary>
    public double RowsBound { get; init; }

    /// <summary>The seed of the sample. The same seed selects the same sample.</summary>
    public int? Seed { get; init; }

    /// <summary>The number of rows that differ, among the rows compared individually.</summary>
    public long Wrong { get; init; }

    /// <summary>The first differences, in the order of index and offset.</summary>
    public IReadOnlyList<RowDifference> Differences { get; init; } = [];

    /// <summary>The number of differing sections above the limit, which were not compared row by row.</summary>
    public int MoreStretches { get; init; }

    /// <summary>Other errors as sentences, such as wrong counters, an unreadable store or a view that throws.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>True when the check found no difference.</summary>
    public bool Agrees => Wrong == 0 && MoreStretches == 0 && Faults.Count == 0;
}

/// <summary>The progress of a check in bytes of log and rows, for a progress bar.</summary>
public readonly record struct ViewCheckProgress(long Done, long Total);
