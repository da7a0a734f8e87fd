namespace Flume.Sql.Asking;

/// <summary>Why a statement has no answer.</summary>
public enum SqlRefusal
{
    /// <summary>It is no SQL that SQLite understands, or names what is not there, or fails while it runs.</summary>
    Statement,

    /// <summary>It does what a reader may not do.</summary>
    Forbidden,

    /// <summary>A parameter is missing, is one too many, or has a type that SQL lacks.</summary>
    Parameter,

    /// <summary>It took longer than it may.</summary>
    Time,

    /// <summary>It needs more memory, or a longer value, than it may.</summary>
    Memory,

    /// <summary>As many statements run as may, and none ended in time.</summary>
    Busy,
}

/// <summary>A statement of a caller has no answer; the message says why and what to do.</summary>
public sealed class SqlQueryException(SqlRefusal refusal, string message) : Exception(message)
{
    /// <summary>Why, for programs.</summary>
    public SqlRefusal Refusal { get; } = refusal;

    /// <summary>The error's name for callers in other languages.</summary>
    public string Name => Refusal switch
    {
        SqlRefusal.Forbidden => "SqlForbiddenError",
        SqlRefusal.Parameter => "SqlParameterError",
        SqlRefusal.Time => "SqlTimeError",
        SqlRefusal.Memory => "SqlMemoryError",
        SqlRefusal.Busy => "SqlBusyError",
        _ => "SqlError",
    };
}
