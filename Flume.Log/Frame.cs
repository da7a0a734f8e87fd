using System.Buffers.Binary;

namespace Flume.Log;

/// <summary>The fields of a frame that disagree.</summary>
internal enum FrameFault
{
    None,

    /// <summary>The bytes end before the frame ends.</summary>
    Cut,

    /// <summary>The lengths before and after the payload differ.</summary>
    LengthsDisagree,

    /// <summary>The end marker differs from the position after the frame.</summary>
    EndDisagrees,
}

/// <summary>
/// The bytes of one record on disk: <c>length | payload | length | end</c>, all big endian. See FORMAT.md.
/// </summary>
/// <remarks>Source: flumelog-offset 3.4.4 frame/recoverable.js; docs/spec 1.1.</remarks>
internal static class Frame
{
    /// <summary>The size of one length field in bytes.</summary>
    public const int LengthBytes = 4;

    /// <summary>The bytes of a frame without its payload.</summary>
    public static int Overhead(int width) => 2 * LengthBytes + width;

    /// <summary>The length field at the start of <paramref name="bytes"/>.</summary>
    public static uint ReadLength(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>
    /// The end marker at the start of <paramref name="bytes"/>; -1 if it exceeds 53 bits, which no position does.
    /// </summary>
    public static long ReadEnd(ReadOnlySpan<byte> bytes, int width)
    {
        if (width == 4)
            return BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (width == 6)
            return ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32)
                | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
        ulong end = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return end > Offset.Max ? -1 : (long)end;
    }

    /// <summary>Writes an end marker. The caller has checked that the width can hold it.</summary>
    public static void WriteEnd(Span<byte> bytes, long end, int width)
    {
        if (width == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)end);
            return;
        }

        if (width == 8)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, end);
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(end >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)end);
    }

    /// <summary>
    /// Writes the frame of <paramref name="payload"/> for the log position <paramref name="position"/>. Returns its
    /// size in bytes.
    /// </summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> payload, long position, int width)
    {
        int bytes = payload.Length + Overhead(width);
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)payload.Length);
        payload.CopyTo(destination[LengthBytes..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(LengthBytes + payload.Length)..], (uint)payload.Length);
        WriteEnd(destination[(2 * LengthBytes + payload.Length)..], position + bytes, width);
        return bytes;
    }

    /// <summary>
    /// Checks the frame at the start of <paramref name="bytes"/>, which is at <paramref name="position"/> of the log.
    /// </summary>
    /// <param name="bytes">The bytes from the start of the frame. They may extend past the frame.</param>
    /// <param name="position">The position of the frame in the log.</param>
    /// <param name="width">The size of the end marker in bytes.</param>
    /// <param name="length">The payload's length in bytes; not set if the bytes end inside the first field.</param>
    public static FrameFault Check(ReadOnlySpan<byte> bytes, long position, int width, out long length)
    {
        length = 0;
        if (bytes.Length < LengthBytes)
            return FrameFault.Cut;
        length = ReadLength(bytes);
        long next = length + Overhead(width);
        if (next > bytes.Length)
            return FrameFault.Cut;
        ReadOnlySpan<byte> trailer = bytes.Slice(LengthBytes + (int)length, LengthBytes + width);
        if (ReadLength(trailer) != length)
            return FrameFault.LengthsDisagree;
        return ReadEnd(trailer[LengthBytes..], width) == position + next ? FrameFault.None : FrameFault.EndDisagrees;
    }

    /// <summary>
    /// Describes, with both values, the fields that disagree in the frame at <paramref name="position"/>.
    /// </summary>
    public static string Describe(FrameFault fault, ReadOnlySpan<byte> bytes, long position, int width)
    {
        if (fault == FrameFault.Cut)
            return $"its {bytes.Length} bytes end before the record does";
        int length = (int)ReadLength(bytes);
        ReadOnlySpan<byte> trailer = bytes[(LengthBytes + length)..];
        return fault == FrameFault.LengthsDisagree
            ? $"the length before the payload is {length}, the one after it {ReadLength(trailer)}"
            : $"its end marker is {ReadEnd(trailer[LengthBytes..], width)}, " +
              $"expected {position + length + Overhead(width)}";
    }

    /// <summary>True if the record is deleted: its payload is empty or contains only zero bytes.</summary>
    public static bool IsDeleted(ReadOnlySpan<byte> payload) =>
        payload.IsEmpty || (payload[0] == 0 && !payload.ContainsAnyExcept((byte)0));
}
