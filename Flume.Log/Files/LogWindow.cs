namespace Flume.Log;

/// <summary>
/// Reads single fields anywhere in a file through two buffers, for walks that must not trust or map it.
/// </summary>
/// <remarks>Not thread-safe. Sees the file as long as it was when this was made.</remarks>
internal sealed class LogWindow(ILogFile file, long length, int width)
{
    private const int BlockBytes = 64 << 10;
    private const int Slack = 16; // a field that starts in a block is read whole

    private readonly byte[][] _blocks = [new byte[BlockBytes + Slack], new byte[BlockBytes + Slack]];
    private readonly long[] _numbers = [-1, -1];
    private readonly int[] _filled = new int[2];
    private int _newest;

    /// <summary>Bytes of the file.</summary>
    public long Length => length;

    /// <summary>Bytes of an end marker.</summary>
    public int Width => width;

    /// <summary>The length field at <paramref name="position"/>.</summary>
    public long LengthAt(long position) => Frame.ReadLength(At(position, Frame.LengthBytes));

    /// <summary>The end marker whose last byte is before <paramref name="position"/>.</summary>
    public long EndBefore(long position) => Frame.ReadEnd(At(position - width, width), width);

    /// <summary>
    /// From <paramref name="position"/> on, at least <paramref name="least"/> (up to 16) and at most 64 KiB of bytes.
    /// </summary>
    public ReadOnlySpan<byte> At(long position, int least)
    {
        long number = position / BlockBytes;
        int slot = _numbers[_newest] == number ? _newest : Load(number);
        int at = (int)(position % BlockBytes);
        if (position < 0 || at + least > _filled[slot])
            throw new EndOfStreamException($"Wanted {least} bytes at position {position} of a file of {length} bytes.");
        return _blocks[slot].AsSpan(at, _filled[slot] - at);
    }

    /// <summary>
    /// The bytes of the block that <paramref name="position"/> lies in, up to but without it; at most 64 KiB.
    /// </summary>
    public ReadOnlySpan<byte> Before(long position)
    {
        long start = (position - 1) / BlockBytes * BlockBytes;
        return At(start, 1)[..(int)(position - start)];
    }

    private int Load(long number)
    {
        _newest = 1 - _newest;
        if (_numbers[_newest] == number)
            return _newest;
        long start = number * BlockBytes;
        int bytes = (int)Math.Clamp(length - start, 0, BlockBytes + Slack);
        _numbers[_newest] = -1;
        _filled[_newest] = file.ReadFully(_blocks[_newest].AsSpan(0, bytes), start);
        _numbers[_newest] = number;
        return _newest;
    }
}
