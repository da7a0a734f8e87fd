namespace Flume.Log;

/// <summary>Computes the <see cref="BlockChecksum"/> of each block while it reads consecutive frames.</summary>
/// <remarks>
/// The caller passes each frame once, in log order, starting at <see cref="Position"/>. Not thread-safe.
/// </remarks>
internal sealed class BlockChecksummer(int blockBytes, int width)
{
    private long _block;
    private uint _crc;
    private uint _deletedBytes;

    /// <summary>The start of the next frame, while the checksummer runs.</summary>
    public long Position { get; private set; }

    /// <summary>False until <see cref="Restart"/>, and after <see cref="Stop"/>.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Discards the running checksum, because it no longer matches the bytes.</summary>
    public void Stop() => IsRunning = false;

    /// <summary>
    /// Starts at a block. <paramref name="position"/> is the start of the frame that contains the block's first byte.
    /// </summary>
    public void Restart(long firstBlock, long position)
    {
        (_block, Position, IsRunning) = (firstBlock, position, true);
        (_crc, _deletedBytes) = (Crc32C.Start, 0);
    }

    /// <summary>
    /// Reads complete frames that start at <see cref="Position"/> and adds a checksum for each completed block.
    /// </summary>
    public void Take(ReadOnlySpan<byte> frames, List<BlockChecksum> checksums)
    {
        while (!frames.IsEmpty)
        {
            int length = (int)Frame.ReadLength(frames);
            int bytes = length + Frame.Overhead(width);
            TakeOne(frames[..bytes], Frame.IsDeleted(frames.Slice(Frame.LengthBytes, length)) ? length : 0, checksums);
            frames = frames[bytes..];
        }
    }

    private void TakeOne(ReadOnlySpan<byte> frame, int deletedLength, List<BlockChecksum> checksums)
    {
        long start = Position;
        long end = start + frame.Length;
        long at = Math.Max(start, _block * blockBytes);
        while (at < end)
        {
            long blockEnd = (_block + 1) * blockBytes;
            long to = Math.Min(end, blockEnd);
            _crc = Crc32C.Append(_crc, frame[(int)(at - start)..(int)(to - start)]);
            _deletedBytes += Overlap(start + Frame.LengthBytes, deletedLength, at, to);
            at = to;
            if (at < blockEnd)
                break;
            checksums.Add(new BlockChecksum(_crc, (uint)(end - blockEnd), _deletedBytes));
            (_block, _crc, _deletedBytes) = (_block + 1, Crc32C.Start, 0);
        }

        Position = end;
    }

    /// <summary>
    /// The number of bytes in <c>[from, to)</c> out of the <paramref name="bytes"/> bytes at
    /// <paramref name="start"/>.
    /// </summary>
    public static uint Overlap(long start, int bytes, long from, long to) =>
        (uint)Math.Max(0, Math.Min(start + bytes, to) - Math.Max(start, from));
}
