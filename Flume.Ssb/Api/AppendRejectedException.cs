using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>An append, delete or reopen was rejected before any write.</summary>
public sealed class AppendRejectedException(AppendRejection rejection, string message) : Exception(message)
{
    /// <summary>The reason for programs. The message explains it for people.</summary>
    public AppendRejection Rejection { get; } = rejection;

    /// <summary>
    /// The log's head at a rejection for <see cref="AppendRejection.HeadMoved"/>; null for other ones.
    /// </summary>
    public Offset? Head { get; init; }
}

/// <summary>The reason of a rejection.</summary>
public enum AppendRejection
{
    /// <summary>The append queue is full. Retry later.</summary>
    Busy,

    /// <summary>A payload, or all payloads together, exceed a limit. A retry fails too.</summary>
    TooLarge,

    /// <summary>A payload is not a record. A retry fails too.</summary>
    Malformed,

    /// <summary>An earlier write failed, or the log is damaged. An operator must act first.</summary>
    ReadOnly,

    /// <summary>No readable record starts at the offset.</summary>
    NoSuchRecord,

    /// <summary>The log has records behind the head that the caller expected: read them, then append again.</summary>
    HeadMoved,

    /// <summary>The identity is stopping or stopped.</summary>
    Stopping,
}
