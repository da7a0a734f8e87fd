namespace Flume.Log;

/// <summary>One record as read from the log: its offset, the offset of the next record, and its payload.</summary>
/// <remarks>
/// The payload is the mapped file itself, not a copy. It stays readable while <see cref="Payload"/> is referenced,
/// even after the log is disposed. A span of it is valid while that memory or the log is referenced. If a record is
/// deleted, a payload read earlier changes to zeros.
/// </remarks>
/// <param name="Offset">The start of the record.</param>
/// <param name="Next">The start of the next record, which may not exist yet.</param>
/// <param name="Deleted">True if the payload is empty or all zeros. Streams skip such records.</param>
/// <param name="Payload">The payload's bytes; zeros if deleted.</param>
public readonly record struct LogRecord(Offset Offset, Offset Next, bool Deleted, ReadOnlyMemory<byte> Payload);

/// <summary>
/// One record of an asynchronous stream. Deleted records occur only if the range includes them. The payload has the
/// same lifetime as that of <see cref="LogRecord"/>.
/// </summary>
/// <param name="Offset">The start of the record.</param>
/// <param name="Payload">The payload's bytes.</param>
public readonly record struct LogEntry(Offset Offset, ReadOnlyMemory<byte> Payload);

/// <summary>The result of an append.</summary>
/// <param name="Offsets">The offset of each payload, in the given order; empty if nothing was appended.</param>
/// <param name="Head">The log's head after this append.</param>
/// <param name="EndPosition">The byte after the last record.</param>
public sealed record AppendResult(IReadOnlyList<Offset> Offsets, Offset Head, long EndPosition);
