namespace Flume.Query.MapFilterReduce;

/// <summary>The query is invalid: an error of the caller, not of the log.</summary>
/// <remarks>
/// If JavaScript's modules have a message for the error (<c>unknown function:$x</c>), the message is equal.
/// </remarks>
public class QueryException(string message) : Exception(message);

/// <summary>A query exceeded the memory limits of <see cref="QueryLimits"/> and was stopped.</summary>
public sealed class QueryLimitException(string message) : QueryException(message)
{
    /// <summary>The limit's configuration key, or null if it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The limit, inclusive.</summary>
    public long Limit { get; init; }
}
