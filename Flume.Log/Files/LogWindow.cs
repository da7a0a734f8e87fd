namespace Flume.Log;

/// <summary>
/// Reads single fields at any position of a file through two buffers. Recovery uses it for untrusted, unmapped bytes.
/// </summary>
/// <remarks>Not thread-safe. It uses the file length of its creation.</remarks>
internal sealed class LogWindow(ILogFile file, long length, int width)
{
    private const int BlockBytes = 64 << 10;
    private const int Slack = 16; // a field that starts in a block is read whole

    private readonly byte[][] _blocks = [new byte[BlockBytes + Slack], new byte[BlockBytes + Slack]];
    private readonly long[] _numbers = [-1, -1];
    private readonly int[] _filled = new int[2];
    private int _newest;

    /// <summary>The file length in bytes.</summary>
    public long Length => length;

    /// <summary>The size of an end marker in bytes.</summary>
    public int Width => width;

    /// <summary>The length field at <paramref name="position"/>.</summary>
    public long LengthAt(long position) => Frame.ReadLength(At(position, Frame.LengthBytes));

    /// <summary>The end marker that ends at <paramref name="position"/> (exclusive).</summary>
    public long EndBefore(long position) => Frame.ReadEnd(At(position - width, width), width);

    /// <summary>
    /// The bytes from <paramref name="position"/> on: at least <paramref name="least"/> (up to 16), at most 64 KiB.
    /// </summary>
    public ReadOnlySpan<byte> At(long position, int least)
    {
        long number = position / BlockBytes;
        int slot = _numbers[_newest] == number ? _newest : Load(number);
        int at = (int)(position % BlockBytes);
        if (position < 0 || at + least > _filled[slot])
            throw new EndOfStreamException(
                $"Cannot read {least} bytes at position {position} of a file of {length} bytes.");
        return _blocks[slot].AsSpan(at, _filled[slot] - at);
    }

    /// <summary>
    /// The bytes of the block that contains <paramref name="position"/>, up to it (exclusive); at most 64 KiB.
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
