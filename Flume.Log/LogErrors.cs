namespace Flume.Log;

/// <summary>Everything the log can throw on its own account; which subclass says who is to act.</summary>
public abstract class LogException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The bytes at an offset below the head do not verify. Never retry, never repaired by guessing.</summary>
public sealed class LogDamagedException(Offset offset, string reason, string path)
    : LogException(
        $"The log {path} is damaged at offset {offset}: {reason}. Verify it to see all damage, then restore the file.")
{
    /// <summary>Where the damaged record starts.</summary>
    public Offset Offset { get; } = offset;

    /// <summary>What disagreed with what.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The caller named an offset at which no record starts.</summary>
public sealed class LogOffsetException(Offset offset, string message) : LogException(message)
{
    /// <summary>The offset asked for.</summary>
    public Offset Offset { get; } = offset;
}

/// <summary>The record asked for was deleted: <c>flumelog:deleted</c> of JavaScript.</summary>
public sealed class LogDeletedException(Offset offset)
    : LogException($"The record at offset {offset} was deleted; its payload is gone.")
{
    /// <summary>Where the deleted record starts.</summary>
    public Offset Offset { get; } = offset;
}

/// <summary>An append or a delete was refused before anything was written: it is surely not stored.</summary>
public sealed class LogRejectedException(string message, Exception? cause = null) : LogException(message, cause);

/// <summary>
/// A write or a sync failed: whether its bytes survive is unknown. The log refuses writes until reopened.
/// </summary>
public sealed class LogWriteFailedException(string message, Exception cause) : LogException(message, cause);

/// <summary>
/// Another process wrote the log although this one has its lock. Nothing of it is cut; opening the log anew reads it.
/// </summary>
public sealed class LogSharedException(string path, string reason) : LogException(
    $"Another process wrote the log {path}: {reason}. Stop that process, look at the log with 'flume verify', and start " +
    "Flume again.");

/// <summary>Another process, or another <see cref="OffsetLog"/> of this one, writes the log.</summary>
public sealed class LogLockedException(string message, int pid) : LogException(message)
{
    /// <summary>The process that holds the lock; 0 when it cannot be told.</summary>
    public int Pid { get; } = pid;
}

/// <summary>The file is no offset log, or not of the width asked for, or its width cannot be told.</summary>
public sealed class LogFormatException(string message) : LogException(message);
