using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Flume.Query.Json;

/// <summary>
/// Classifies JSON text in blocks of 64 bytes: one bit per byte, with strings separated from structure.
/// </summary>
/// <remarks>
/// Blocks must be passed in order; two fields carry the state from one block to the next.
/// 1. <see cref="InString"/> is all ones when a string is open at the end of the last block.
/// 2. <see cref="Escaped"/> is 1 when the last block ended in an odd run of backslashes.
/// </remarks>
internal struct JsonBlock
{
    public const int Size = 64;

    public ulong InString;
    public ulong Escaped;

    /// <summary>Each opening quote and the string after it, without the closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Strings(ref byte block) => Strings(ref block, Mask(ref block, (byte)'\\'), out _);

    /// <summary>The same, for callers that already have the backslashes and also need the unescaped quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Strings(ref byte block, ulong backslashes, out ulong quotes)
    {
        quotes = Mask(ref block, (byte)'"') & ~EscapedBits(backslashes);
        ulong strings = PrefixXor(quotes) ^ InString;
        InString = (ulong)((long)strings >> 63);
        return strings;
    }

    /// <summary>The bytes equal to <paramref name="value"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mask(ref byte block, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        uint low = Vector256.Equals(Vector256.LoadUnsafe(ref block), wanted).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), wanted).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }

    /// <summary>
    /// The bytes equal to <paramref name="value"/>, ignoring bit 0x20: <c>{</c> also finds <c>[</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MaskEither(ref byte block, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value), bit = Vector256.Create((byte)0x20);
        uint low = Vector256.Equals(Vector256.LoadUnsafe(ref block) | bit, wanted).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.LoadUnsafe(ref block, 32) | bit, wanted).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }

    /// <summary>
    /// The 64 bytes at <paramref name="position"/>; the bytes after the text's end are spaces, in
    /// <paramref name="padded"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte At(ReadOnlySpan<byte> text, int position, Span<byte> padded)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        if (position + Size <= text.Length) return ref Unsafe.Add(ref start, position);
        padded.Fill((byte)' ');
        text[position..].CopyTo(padded);
        return ref MemoryMarshal.GetReference(padded);
    }

    /// <summary>Sets bit i to the parity of bits 0..i: converts quotes to the ranges between them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (int shift = 1; shift < 64; shift <<= 1) bits ^= bits << shift;
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong EscapedBits(ulong backslashes)
    {
        ulong carried = Escaped;
        if (backslashes == 0)
        {
            Escaped = 0;
            return carried;
        }

        return EscapedRuns(backslashes & ~carried, carried);
    }

    /// <summary>
    /// A byte is escaped if an odd run of backslashes ends directly before it. Adding the runs that start at an odd bit
    /// carries each to its end, so the parity of start and end separates odd runs from even ones.
    /// </summary>
    private ulong EscapedRuns(ulong backslashes, ulong carried)
    {
        const ulong EvenBits = 0x5555_5555_5555_5555;
        ulong follows = (backslashes << 1) | carried;
        ulong oddStarts = backslashes & ~EvenBits & ~follows;
        ulong ends = oddStarts + backslashes;
        Escaped = ends < oddStarts ? 1UL : 0UL;
        return (EvenBits ^ (ends << 1)) & follows;
    }
}
