namespace Flume.Ssb.Api;

/// <summary>An append, delete or reopen was refused: surely nothing was written.</summary>
public sealed class AppendRejectedException(AppendRejection rejection, string message) : Exception(message)
{
    /// <summary>Why, for programs; the message says it for people.</summary>
    public AppendRejection Rejection { get; } = rejection;
}

/// <summary>Why an append was refused.</summary>
public enum AppendRejection
{
    /// <summary>The append buffer is full: wait and try again.</summary>
    Busy,

    /// <summary>
    /// A payload, or all payloads together, are larger than a limit allows: never try again as they are.
    /// </summary>
    TooLarge,

    /// <summary>A payload is no record: never try again as it is.</summary>
    Malformed,

    /// <summary>An earlier write failed, or the log is damaged: an operator must act first.</summary>
    ReadOnly,

    /// <summary>No readable record starts at the offset given.</summary>
    NoSuchRecord,

    /// <summary>The log has records behind the head that the caller expected: read them, then append again.</summary>
    HeadMoved,

    /// <summary>The identity is stopping or stopped.</summary>
    Stopping,
}
