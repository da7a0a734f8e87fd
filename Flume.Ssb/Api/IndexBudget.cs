namespace Flume.Ssb.Api;

/// <summary>How much of the machine the indexing of a view may use; whatever allows less holds.</summary>
/// <param name="Share">Part of the time that indexing may run, greater than 0 and at most 1.</param>
/// <param name="RecordsPerSecond">Records that it may apply in a second, greater than 0; null for any number.</param>
public readonly record struct IndexBudget(double Share, double? RecordsPerSecond = null)
{
    /// <summary>As fast as the machine allows.</summary>
    public static IndexBudget Full => new(1.0);

    /// <summary>True when both lie in their ranges.</summary>
    public bool IsValid => Share is > 0 and <= 1 && RecordsPerSecond is null or > 0 and < double.PositiveInfinity;

    /// <summary>What both budgets allow: a scan that several views share obeys each of them.</summary>
    public IndexBudget And(IndexBudget other) => new(
        Math.Min(Share, other.Share),
        RecordsPerSecond is { } mine && other.RecordsPerSecond is { } theirs
            ? Math.Min(mine, theirs)
            : RecordsPerSecond ?? other.RecordsPerSecond);

    /// <inheritdoc/>
    public override string ToString() => RecordsPerSecond is { } rate
        ? $"{Share:P0} of the time and {rate:N0} records a second"
        : $"{Share:P0} of the time";
}
