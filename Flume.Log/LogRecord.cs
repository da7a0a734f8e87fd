namespace Flume.Log;

/// <summary>One record as it stands in the log: its place, the place of the one after it, its payload.</summary>
/// <remarks>
/// The payload is the mapped file itself, not a copy. It stays readable for as long as <see cref="Payload"/> is
/// referenced, even after the log is disposed; a span taken from it only while the memory it came from, or the log, is
/// referenced. A record that is deleted while its payload is held turns to zeros under the holder.
/// </remarks>
/// <param name="Offset">Where the record starts.</param>
/// <param name="Next">Where the next record starts, or will start.</param>
/// <param name="Deleted">True when the payload is empty or all zeros; streams skip such records.</param>
/// <param name="Payload">The payload's bytes, zeros when deleted.</param>
public readonly record struct LogRecord(Offset Offset, Offset Next, bool Deleted, ReadOnlyMemory<byte> Payload);

/// <summary>
/// One record of an asynchronous stream; never a deleted one unless the range asks for those. Lifetime as
/// <see cref="LogRecord"/>.
/// </summary>
/// <param name="Offset">Where the record starts.</param>
/// <param name="Payload">The payload's bytes.</param>
public readonly record struct LogEntry(Offset Offset, ReadOnlyMemory<byte> Payload);

/// <summary>What an append did.</summary>
/// <param name="Offsets">The offset of each payload, in the order given; empty when nothing was appended.</param>
/// <param name="Head">The log's head after this append.</param>
/// <param name="EndPosition">The byte after the last record.</param>
public sealed record AppendResult(IReadOnlyList<Offset> Offsets, Offset Head, long EndPosition);
