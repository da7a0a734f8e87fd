namespace Flume.Log;

/// <summary>The base of all exceptions that the log defines. The subclass determines the required action.</summary>
public abstract class LogException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The bytes at an offset below the head do not verify. A retry does not help. The log never repairs them itself.
/// </summary>
public sealed class LogDamagedException(Offset offset, string reason, string path)
    : LogException(
        $"The log {path} is damaged at offset {offset}: {reason}. Verify it to see all damage, then restore the file.")
{
    /// <summary>The start of the damaged record.</summary>
    public Offset Offset { get; } = offset;

    /// <summary>The values that disagree.</summary>
    public string Reason { get; } = reason;
}

/// <summary>No record starts at the offset that the caller named.</summary>
public sealed class LogOffsetException(Offset offset, string message) : LogException(message)
{
    /// <summary>The offset that the caller named.</summary>
    public Offset Offset { get; } = offset;
}

/// <summary>The requested record was deleted: <c>flumelog:deleted</c> in JavaScript.</summary>
public sealed class LogDeletedException(Offset offset)
    : LogException($"The record at offset {offset} was deleted; its payload no longer exists.")
{
    /// <summary>The start of the deleted record.</summary>
    public Offset Offset { get; } = offset;
}

/// <summary>An append or a delete was refused before any write. Its data is not stored.</summary>
public sealed class LogRejectedException(string message, Exception? cause = null) : LogException(message, cause);

/// <summary>An append expected another head: nothing was written.</summary>
public sealed class LogHeadMovedException(Offset expected, Offset head, string path) : LogException(
    $"Nothing was appended to the log {path}: it was to follow the record at offset {expected}, and the head is " +
    $"{head}. Read the records between, then append again.")
{
    /// <summary>The head that the caller expected.</summary>
    public Offset Expected { get; } = expected;

    /// <summary>The head that the log had.</summary>
    public Offset Head { get; } = head;
}

/// <summary>
/// A write or a sync failed. Its bytes may or may not survive. The log refuses writes until it is reopened.
/// </summary>
public sealed class LogWriteFailedException(string message, Exception cause) : LogException(message, cause);

/// <summary>
/// Another process wrote the log although this process has its lock. Nothing of it is cut; opening the log
/// again reads it.
/// </summary>
public sealed class LogSharedException(string path, string reason) : LogException(
    $"Another process wrote the log {path}: {reason}. Stop that process, check the log with 'flume verify', and " +
    "start Flume again.");

/// <summary>Another process, or another <see cref="OffsetLog"/> of this process, writes the log.</summary>
public sealed class LogLockedException(string message, int pid) : LogException(message)
{
    /// <summary>The pid of the lock's holder; 0 if unknown.</summary>
    public int Pid { get; } = pid;
}

/// <summary>The file is not an offset log, has another width than requested, or its width is unknown.</summary>
public sealed class LogFormatException(string message) : LogException(message);
