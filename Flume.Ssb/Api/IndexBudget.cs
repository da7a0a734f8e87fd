namespace Flume.Ssb.Api;

/// <summary>The resource limits for indexing a view. The stricter limit applies.</summary>
/// <param name="Share">The fraction of time for indexing, greater than 0 and at most 1.</param>
/// <param name="RecordsPerSecond">The maximum records per second, greater than 0; null for no limit.</param>
public readonly record struct IndexBudget(double Share, double? RecordsPerSecond = null)
{
    /// <summary>No limit.</summary>
    public static IndexBudget Full => new(1.0);

    /// <summary>True if both values are in range.</summary>
    public bool IsValid => Share is > 0 and <= 1 && RecordsPerSecond is null or > 0 and < double.PositiveInfinity;

    /// <summary>The stricter limits of both budgets, for a scan that several views share.</summary>
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
