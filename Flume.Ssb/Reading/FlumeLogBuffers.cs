using System.Buffers.Binary;
using Flume.Log;

namespace Flume.Ssb.Reading;

/// <summary>Packs the records of a range into buffers, so that a client receives hundreds at once.</summary>
/// <remarks>
/// A record is its offset (8 bytes), its payload's length (4 bytes) and its payload; numbers are big endian. Length 0
/// means that payloads were not requested. A record is never split, so a buffer grows to fit one. Not thread-safe.
/// </remarks>
internal sealed class FlumeLogBuffers(OffsetLog log, LogRange range, bool withPayloads)
{
    private const int BufferBytes = 64 * 1024;
    private const int HeadBytes = sizeof(long) + sizeof(int);

    private readonly LogCursor _cursor = log.Read(range);
    private byte[] _buffer = new byte[BufferBytes];
    private LogRecord? _left;

    /// <summary>True at the end of the range. All further buffers are empty.</summary>
    internal bool Done => _cursor.Done && _left is null;

    /// <summary>The head at the last empty buffer.</summary>
    internal Offset HeadSeen => _cursor.HeadSeen;

    /// <summary>
    /// The next records, valid until the next call. Empty at the end, and at the head of a live range.
    /// </summary>
    internal ReadOnlyMemory<byte> Next()
    {
        int used = 0;
        while (_left is not null || _cursor.MoveNext())
        {
            LogRecord record = _left ?? _cursor.Current;
            _left = record;
            int size = HeadBytes + (withPayloads ? record.Payload.Length : 0);
            if (used > 0 && used + size > BufferBytes) break;
            if (size > _buffer.Length) _buffer = new byte[size];
            used += Write(record, _buffer.AsSpan(used));
            _left = null;
        }

        return _buffer.AsMemory(0, used);
    }

    private int Write(LogRecord record, Span<byte> to)
    {
        int length = withPayloads ? record.Payload.Length : 0;
        BinaryPrimitives.WriteInt64BigEndian(to, record.Offset.Value);
        BinaryPrimitives.WriteInt32BigEndian(to[sizeof(long)..], length);
        record.Payload.Span[..length].CopyTo(to[HeadBytes..]);
        return HeadBytes + length;
    }
}
