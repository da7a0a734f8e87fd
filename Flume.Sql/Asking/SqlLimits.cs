namespace Flume.Sql.Asking;

/// <summary>What one statement of a caller may take.</summary>
public sealed record SqlLimits
{
    /// <summary>Rows when the caller names no number.</summary>
    public int RowsDefault { get; init; } = 1000;

    /// <summary>Rows that a caller may ask for at most.</summary>
    public int RowsMax { get; init; } = 100_000;

    /// <summary>Bytes of all values of an answer.</summary>
    public long AnswerBytesMax { get; init; } = 32L << 20;

    /// <summary>Time that SQLite may work on a statement.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Statements that run at once; others wait.</summary>
    public int AtOnceMax { get; init; } = 2;

    /// <summary>How long a statement waits for its turn.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Heap that SQLite may take in the whole process.</summary>
    public long HeapBytesMax { get; init; } = 512L << 20;
}
