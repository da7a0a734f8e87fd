namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The JavaScript module whose rules choose an index; the two modules differ in scores and bounds.</summary>
public enum IndexDialect
{
    /// <summary>flumeview-query: exact 2, range 1; a query without a suitable index scans the log.</summary>
    Query,

    /// <summary>flumeview-links: exact 3, range 2, mentioned 1; a <c>$sort</c> without an index is an error.</summary>
    Links,
}
