using System.Numerics;
using System.Runtime.InteropServices;

namespace Flume.Log;

/// <summary>CRC-32C (Castagnoli) of bytes, with the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of nothing: where a running one starts.</summary>
    public const uint Start = 0;

    /// <summary>
    /// The checksum of all bytes so far and <paramref name="bytes"/>, given that of all bytes so far.
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
