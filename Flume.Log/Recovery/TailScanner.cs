namespace Flume.Log;

/// <summary>Where a log's readable part ends, and what that was concluded from.</summary>
/// <param name="End">The byte after the last readable frame; zero when there is none.</param>
/// <param name="Last">Where that frame starts; -1 when there is none.</param>
/// <param name="Damage">Where the frames below the end do not connect, found on the way; -1 when they do.</param>
internal readonly record struct TailEnd(long End, long Last, long Damage);

/// <summary>
/// Finds the end of the last whole frame, searching backwards, without being fooled by payloads that look like frames.
/// </summary>
/// <remarks>
/// 1. A position is a boundary only when the frame ending there verifies: end marker, both lengths, and the marker
///    before its start.
/// 2. A boundary is certain when the frames before it connect down to zero, to a known boundary, or further than any
///    one record reaches: a chain of fakes inside the payload of a torn record cannot.
/// 3. Otherwise the next boundary below decides: when the record that starts there claims the bytes up to the upper
///    one, and the upper chain does not lead back to it, then the upper boundary was inside that record's payload. Else
///    there is damage between the two, and nothing that verifies is given up.
/// </remarks>
internal sealed class TailScanner(LogWindow window, int recordBytesMax)
{
    private readonly int _width = window.Width;
    private readonly int _overhead = Frame.Overhead(window.Width);

    /// <summary>Bytes of the file, as it was found.</summary>
    public long Length => window.Length;

    /// <summary>
    /// Finds the end at or below <paramref name="size"/>; <paramref name="known"/> is a boundary that is certain.
    /// </summary>
    public TailEnd Find(long size, long known = 0)
    {
        long end = BoundaryAtOrBelow(size);
        long reached = FollowBack(end, end - recordBytesMax - _overhead, known);
        long damage = -1;
        while (!IsCertain(reached, end, known))
        {
            long lower = BoundaryAtOrBelow(reached - 1);
            if (Claims(lower, end) && !LeadsTo(reached, lower))
                (end, damage) = (lower, -1);
            else
                damage = lower;
            reached = FollowBack(lower, end - recordBytesMax - _overhead, known);
        }

        long extended = PassOneBrokenFrame(end, size);
        if (extended > end)
            (end, damage) = (extended, damage < 0 ? end : damage);
        long last = end == 0 ? -1 : end - window.LengthAt(end - _width - Frame.LengthBytes) - _overhead;
        return new TailEnd(end, last, damage);
    }

    /// <summary>The start of the verified frame that ends at <paramref name="end"/>; -1 when none does.</summary>
    public long StartOfFrameEndingAt(long end)
    {
        if (end < _overhead || window.EndBefore(end) != end)
            return -1;
        long length = window.LengthAt(end - _width - Frame.LengthBytes);
        long start = end - length - _overhead;
        if (start < 0 || (start > 0 && start < _overhead) || window.LengthAt(start) != length)
            return -1;
        return start == 0 || window.EndBefore(start) == start ? start : -1;
    }

    /// <summary>
    /// The end of the frame that starts at <paramref name="start"/> when its own fields agree; -1 otherwise.
    /// </summary>
    public long EndOfFrameAt(long start)
    {
        if (start < 0 || window.Length - start < _overhead)
            return -1;
        long length = window.LengthAt(start);
        long end = start + length + _overhead;
        if (end > window.Length || window.LengthAt(end - _width - Frame.LengthBytes) != length)
            return -1;
        return window.EndBefore(end) == end ? end : -1;
    }

    /// <summary>True when a damaged frame from start to end still names its end, by its first or its last field.</summary>
    public bool NamesEnd(long start, long end) =>
        end - start >= _overhead && (start + window.LengthAt(start) + _overhead == end || window.EndBefore(end) == end);

    /// <summary>Where the payload of the verified frame that ends at <paramref name="end"/> ends.</summary>
    public long PayloadEnd(long end) => end - _width - Frame.LengthBytes;

    private bool IsCertain(long reached, long end, long known) =>
        reached == 0 || reached == known || reached < end - recordBytesMax - _overhead;

    private long FollowBack(long end, long floor, long known)
    {
        long start = end;
        while (start > 0 && start != known && start >= floor)
        {
            long before = StartOfFrameEndingAt(start);
            if (before < 0)
                break;
            start = before;
        }

        return start;
    }

    private long BoundaryAtOrBelow(long position)
    {
        while ((position = MarkerAtOrBelow(position)) > 0)
        {
            if (StartOfFrameEndingAt(position) >= 0)
                return position;
            position--;
        }

        return 0;
    }

    /// <summary>
    /// The highest position, at most the given one, that the marker before it names; 0 when there is none.
    /// </summary>
    private long MarkerAtOrBelow(long position)
    {
        position = Math.Min(position, window.Length);
        while (position >= _overhead)
        {
            // The last bytes of a marker are compared first: they differ at every position but the right one.
            ReadOnlySpan<byte> bytes = window.Before(position);
            long start = position - bytes.Length;
            for (int i = bytes.Length; i > _width; i--)
            {
                long candidate = start + i;
                if (bytes[i - 1] == (byte)candidate && Frame.ReadEnd(bytes[(i - _width)..], _width) == candidate)
                    return candidate;
            }

            // The few positions whose marker straddles two blocks.
            for (position = start + Math.Min(_width, bytes.Length); position > start && position >= _overhead; position--)
            {
                if (window.EndBefore(position) == position)
                    return position;
            }
        }

        return 0;
    }

    private bool Claims(long start, long end)
    {
        if (window.Length - start < Frame.LengthBytes)
            return false;
        long length = window.LengthAt(start);
        return length <= recordBytesMax && start + length + _overhead > end;
    }

    private bool LeadsTo(long upper, long lower) =>
        upper - _overhead >= 0 && upper - window.LengthAt(upper - _width - Frame.LengthBytes) - _overhead == lower;

    /// <summary>A frame with one broken field that whole frames follow is damage, not the torn end.</summary>
    private long PassOneBrokenFrame(long end, long size)
    {
        if (size - end < 2 * _overhead || end + window.LengthAt(end) + _overhead >= size)
            return end;
        long next = EndOfFrameAt(end + window.LengthAt(end) + _overhead);
        while (next > 0 && next < size && EndOfFrameAt(next) is var further && further > 0)
            next = further;
        return next > 0 && next <= size ? next : end;
    }
}
