using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flume.Views.Store;

/// <summary>
/// Numbers in 1 to 10 bytes: seven bits per byte, lowest first. All bytes except the last have the high bit set.
/// </summary>
internal static class Varint
{
    /// <summary>The maximum bytes of a number.</summary>
    internal const int LengthMax = 10;

    /// <summary>
    /// Writes a number and returns the address after it. The caller provides <see cref="LengthMax"/> bytes, all of
    /// which may be overwritten.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe byte* Write(byte* to, ulong value)
    {
        if (value >= 1UL << 56) return WriteLong(to, value);
        // Spreads eight groups of seven bits by halving, without an unpredictable branch on the length.
        ulong bytes = (value & 0x0FFF_FFFF) | ((value & 0x00FF_FFFF_F000_0000) << 4);
        bytes = (bytes & 0x0000_3FFF_0000_3FFF) | ((bytes & 0x0FFF_C000_0FFF_C000) << 2);
        bytes = (bytes & 0x007F_007F_007F_007F) | ((bytes & 0x3F80_3F80_3F80_3F80) << 1);
        int last = (BitOperations.Log2(value | 1) * 37) >> 8; // a seventh
        bytes |= 0x8080_8080_8080_8080 & ((1UL << (8 * last)) - 1);
        *(ulong*)to = BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes);
        return to + last + 1;
    }

    private static unsafe byte* WriteLong(byte* to, ulong value)
    {
        while (value >= 0x80)
        {
            *to++ = (byte)(value | 0x80);
            value >>= 7;
        }

        *to++ = (byte)value;
        return to;
    }

    /// <summary>Reads a number and moves <paramref name="at"/> past it. False if the bytes are invalid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryRead(ReadOnlySpan<byte> from, ref int at, out ulong value)
    {
        if ((uint)at < (uint)from.Length && from[at] < 0x80)
        {
            value = from[at++];
            return true;
        }

        return TryReadLong(from, ref at, out value);
    }

    // Eight bytes hold every number below 2^56. Finds the last byte, then removes the gaps of the high bits.
    private static bool TryReadLong(ReadOnlySpan<byte> from, ref int at, out ulong value)
    {
        if ((uint)at > (uint)from.Length || from.Length - at < sizeof(ulong))
            return TryReadSlow(from, ref at, out value);
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(from[at..]);
        ulong ends = ~bytes & 0x8080_8080_8080_8080;
        if (ends == 0) return TryReadSlow(from, ref at, out value);
        bytes &= ends ^ (ends - 1);
        bytes &= 0x7F7F_7F7F_7F7F_7F7F;
        bytes = (bytes & 0x007F_007F_007F_007F) | ((bytes & 0x7F00_7F00_7F00_7F00) >> 1);
        bytes = (bytes & 0x0000_3FFF_0000_3FFF) | ((bytes & 0x3FFF_0000_3FFF_0000) >> 2);
        value = (bytes & 0x0FFF_FFFF) | ((bytes & 0x0FFF_FFFF_0000_0000) >> 4);
        at += (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
        return true;
    }

    private static bool TryReadSlow(ReadOnlySpan<byte> from, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)from.Length) return false;
            byte next = from[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return shift < 63 || next <= 1;
        }

        return false;
    }

    /// <summary>Maps small signed numbers to small unsigned ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The inverse of <see cref="ZigZag"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
