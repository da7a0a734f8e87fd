namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>Whose rules choose an index: the two JavaScript modules differ in scores and bounds.</summary>
public enum IndexDialect
{
    /// <summary>flumeview-query: exact 2, range 1; a query that no index helps scans the log.</summary>
    Query,

    /// <summary>flumeview-links: exact 3, range 2, mentioned 1; a <c>$sort</c> that is no index is an error.</summary>
    Links,
}
