using System.Numerics;
using System.Runtime.InteropServices;

namespace Flume.Log;

/// <summary>CRC-32C (Castagnoli). It uses the processor's CRC instruction if available.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of no bytes, and the start value of a running checksum.</summary>
    public const uint Start = 0;

    /// <summary>
    /// Continues the checksum <paramref name="crc"/> of earlier bytes with <paramref name="bytes"/>.
    /// </summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i < words.Length; i++)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? words[i] : Reverse(words[i]));
        for (int i = words.Length * sizeof(ulong); i < bytes.Length; i++)
            crc = BitOperations.Crc32C(crc, bytes[i]);
        return ~crc;
    }

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(Start, bytes);

    private static ulong Reverse(ulong word) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
}
