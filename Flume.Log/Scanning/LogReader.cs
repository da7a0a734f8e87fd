namespace Flume.Log;

/// <summary>Reads single frames of the mapped log. It verifies all fields of a frame first.</summary>
/// <remarks>
/// Stateless except for the map, so it needs no lock. Each method receives the end position of the readable bytes.
/// </remarks>
internal sealed class LogReader(LogMap map, LogSettings log)
{
    private readonly int _width = log.EndBytes;
    private readonly int _overhead = log.Overhead;

    /// <summary>Reads the frame at <paramref name="position"/>; false when no frame starts there.</summary>
    /// <exception cref="LogDamagedException">The frame's fields disagree.</exception>
    public bool TryRead(long position, long end, out LogRecord record)
    {
        LogPiece piece = map.Around(position, end);
        bool starts = StartsFrame(piece, position, end);
        record = starts ? Read(piece, position, end) : default;
        return starts;
    }

    /// <summary>Reads the frame at <paramref name="position"/>, which must be the start of a frame.</summary>
    /// <exception cref="LogDamagedException">The frame's fields disagree.</exception>
    public LogRecord Read(long position, long end) => Read(map.Around(position, end), position, end);

    private LogRecord Read(LogPiece piece, long position, long end)
    {
        if (end - position < _overhead)
            throw Damaged(position, $"only {end - position} bytes are left before the end, too few for a record");
        long length = Frame.ReadLength(piece.Span(position, Frame.LengthBytes));
        long next = position + length + _overhead;
        if (next > end)
            throw Damaged(position, $"its length {length} reaches to {next}, beyond the end of the log at {end}");
        if (next - position > Array.MaxLength)
            throw Damaged(position, $"its length {length} is larger than any record can be");
        ReadOnlyMemory<byte> frame = piece.Memory(position, (int)(next - position));
        ReadOnlySpan<byte> bytes = frame.Span;
        FrameFault fault = Frame.Check(bytes, position, _width, out _);
        if (fault != FrameFault.None)
            throw Damaged(position, Frame.Describe(fault, bytes, position, _width));
        ReadOnlyMemory<byte> payload = frame.Slice(Frame.LengthBytes, (int)length);
        bool deleted = Frame.IsDeleted(bytes.Slice(Frame.LengthBytes, (int)length));
        return new LogRecord(new Offset(position), new Offset(next), deleted, payload);
    }

    /// <summary>
    /// True if the bytes before <paramref name="position"/> are the end of a frame, and the frame before or after it is
    /// valid.
    /// </summary>
    /// <remarks>
    /// The end marker alone is ambiguous: the first length of a record can equal the position after it. One valid
    /// neighbour is enough, so that damage on one side does not hide a record.
    /// </remarks>
    public bool StartsFrame(long position, long end) => StartsFrame(map.Around(position, end), position, end);

    private bool StartsFrame(LogPiece piece, long position, long end) =>
        position == 0
            ? end > 0
            : position >= _overhead && position < end && EndBefore(piece, position) == position
                && (Verifies(piece, position, end) || EndsFrame(piece, position));

    /// <summary>
    /// The start of the frame that ends at <paramref name="position"/>; <see cref="Offset.None"/> at zero.
    /// </summary>
    /// <exception cref="LogDamagedException">The frame before does not verify.</exception>
    public Offset Previous(long position)
    {
        if (position == 0)
            return Offset.None;
        LogPiece piece = map.Around(position, position);
        long length = Frame.ReadLength(piece.Span(position - _width - Frame.LengthBytes, Frame.LengthBytes));
        long start = position - length - _overhead;
        bool connects = start == 0 || (start >= _overhead && EndBefore(piece, start) == start);
        if (!connects || EndBefore(piece, position) != position)
            throw Damaged(
                position, $"the record before it, {length} bytes long by its last field, starts at no record boundary");
        return new Offset(start);
    }

    public LogDamagedException Damaged(long position, string reason) => new(new Offset(position), reason, log.Path);

    private bool Verifies(LogPiece piece, long position, long end)
    {
        if (end - position < _overhead)
            return false;
        long length = Frame.ReadLength(piece.Span(position, Frame.LengthBytes)) + _overhead;
        return length <= Math.Min(end - position, Array.MaxLength)
            && Frame.Check(piece.Span(position, (int)length), position, _width, out _) == FrameFault.None;
    }

    private bool EndsFrame(LogPiece piece, long position)
    {
        long length = Frame.ReadLength(piece.Span(position - _width - Frame.LengthBytes, Frame.LengthBytes));
        long start = position - length - _overhead;
        return start >= 0 && Frame.ReadLength(piece.Span(start, Frame.LengthBytes)) == length
            && (start == 0 || (start >= _overhead && EndBefore(piece, start) == start));
    }

    private long EndBefore(LogPiece piece, long position) =>
        Frame.ReadEnd(piece.Span(position - _width, _width), _width);
}
