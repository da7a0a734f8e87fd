namespace Flume.Api;

/// <summary>How much of the machine the indexing of a view may use.</summary>
/// <param name="Share">Part of the time that indexing may run, greater than 0 and at most 1.</param>
public readonly record struct IndexBudget(double Share)
{
    /// <summary>As fast as the machine allows.</summary>
    public static IndexBudget Full => new(1.0);

    /// <summary>True when <see cref="Share"/> lies in its range.</summary>
    public bool IsValid => Share is > 0 and <= 1;
}
