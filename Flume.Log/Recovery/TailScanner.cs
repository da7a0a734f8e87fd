namespace Flume.Log;

/// <summary>The end of a log's readable part.</summary>
/// <param name="End">The byte after the last readable frame; zero if there is none.</param>
/// <param name="Last">The start of that frame; -1 if there is none.</param>
/// <param name="Damage">
/// A position below the end at which frames do not connect, if the search met one; otherwise -1.
/// </param>
internal readonly record struct TailEnd(long End, long Last, long Damage);

/// <summary>
/// Finds the end of the last complete frame by a backward search. Payloads that look like frames do not mislead it.
/// </summary>
/// <remarks>
/// 1. A position is a boundary only if the frame that ends there verifies: its end marker, both lengths, and the
///    marker before its start.
/// 2. A boundary is certain if the frames before it connect to zero or to a known boundary. It is also certain if they
///    connect over more bytes than one record can have. False frames inside a torn record's payload cannot do that.
/// 3. Otherwise the record at the next lower boundary decides. It may claim the bytes up to the upper boundary without
///    being part of the upper chain. Then the upper boundary is inside that record's payload. Otherwise the bytes
///    between the two are damaged, and all frames that verify are kept.
/// </remarks>
internal sealed class TailScanner(LogWindow window, int recordBytesMax)
{
    private readonly int _width = window.Width;
    private readonly int _overhead = Frame.Overhead(window.Width);

    /// <summary>Bytes of the file, as it was found.</summary>
    public long Length => window.Length;

    /// <summary>
    /// Finds the end at or below <paramref name="size"/>. <paramref name="known"/> is a certain boundary.
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

    /// <summary>The start of the verified frame that ends at <paramref name="end"/>; -1 if none does.</summary>
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
    /// The end of the frame that starts at <paramref name="start"/> if its own fields agree; otherwise -1.
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

    /// <summary>
    /// True if the first length or the end marker of a damaged frame still confirms its end.
    /// </summary>
    public bool NamesEnd(long start, long end) =>
        end - start >= _overhead && (start + window.LengthAt(start) + _overhead == end || window.EndBefore(end) == end);

    /// <summary>The end of the payload in the verified frame that ends at <paramref name="end"/>.</summary>
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
    /// The highest position, at most the given one, that equals the end marker before it; 0 if there is none.
    /// </summary>
    private long MarkerAtOrBelow(long position)
    {
        position = Math.Min(position, window.Length);
        while (position >= _overhead)
        {
            // The last bytes of a marker are compared first, because they differ at every wrong position.
            ReadOnlySpan<byte> bytes = window.Before(position);
            long start = position - bytes.Length;
            for (int i = bytes.Length; i > _width; i--)
            {
                long candidate = start + i;
                if (bytes[i - 1] == (byte)candidate && Frame.ReadEnd(bytes[(i - _width)..], _width) == candidate)
                    return candidate;
            }

            // Then the few positions whose marker crosses two blocks.
            position = start + Math.Min(_width, bytes.Length);
            for (; position > start && position >= _overhead; position--)
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

    /// <summary>A frame with one broken field before valid frames is damage, not the torn end.</summary>
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
