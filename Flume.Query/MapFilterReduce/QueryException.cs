namespace Flume.Query.MapFilterReduce;

/// <summary>The query cannot be answered as it is written: the caller's mistake, not the log's.</summary>
/// <remarks>
/// Where JavaScript's modules have a text for the mistake (<c>unknown function:$x</c>), the message is that text.
/// </remarks>
public class QueryException(string message) : Exception(message);

/// <summary>A query had to hold more in memory than <see cref="QueryLimits"/> allows, and was stopped.</summary>
public sealed class QueryLimitException(string message) : QueryException(message)
{
    /// <summary>The configuration's key of the limit, or null when it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The limit, inclusive.</summary>
    public long Limit { get; init; }
}
