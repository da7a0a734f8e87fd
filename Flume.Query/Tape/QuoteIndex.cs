using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Flume.Query.Json;

namespace Flume.Query.Tape;

/// <summary>
/// The positions of a text's strings, found 64 bytes at a time, and of their escapes.
/// </summary>
/// <remarks>
/// 1. <see cref="Positions"/> holds every unescaped quote in ascending order, so they alternate: opening, closing.
/// 2. The text that <see cref="Build"/> reads must have at least 64 zero bytes after its end.
/// </remarks>
internal sealed class QuoteIndex
{
    private const int Slack = 64;

    private ulong[] _backslashes = [];
    private bool _anyBackslash;

    /// <summary>The positions of quotes; only the first <see cref="Count"/> belong to the last text.</summary>
    public int[] Positions { get; private set; } = [];

    /// <summary>The number of quotes in the last text.</summary>
    public int Count { get; private set; }

    /// <summary>Indexes a text. False if a string does not end, or contains a raw control character.</summary>
    public bool Build(byte[] padded, int length)
    {
        if (Positions.Length < length + Slack) Positions = new int[length + (length / 4) + Slack];
        int blocks = (length + JsonBlock.Size - 1) / JsonBlock.Size;
        if (_backslashes.Length < blocks) _backslashes = new ulong[blocks * 2];
        JsonBlock block = default;
        ref byte text = ref MemoryMarshal.GetArrayDataReference(padded);
        ref int to = ref MemoryMarshal.GetArrayDataReference(Positions);
        ulong wrong = 0, escapes = 0;
        int count = 0;
        for (int i = 0; i < blocks; i++)
        {
            ref byte bytes = ref Unsafe.Add(ref text, i * JsonBlock.Size);
            ulong backslashes = JsonBlock.Mask(ref bytes, (byte)'\\');
            ulong strings = block.Strings(ref bytes, backslashes, out ulong quotes);
            wrong |= strings & Controls(ref bytes);
            escapes |= backslashes;
            _backslashes[i] = backslashes;
            Flatten(ref Unsafe.Add(ref to, count), quotes, i * JsonBlock.Size);
            count += BitOperations.PopCount(quotes);
        }

        Count = count;
        _anyBackslash = escapes != 0;
        return wrong == 0 && block.InString == 0;
    }

    /// <summary>True if a string has a backslash between these two positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasEscape(int start, int end) => _anyBackslash && HasBackslash(start, end);

    private bool HasBackslash(int start, int end)
    {
        int first = start / 64, last = end / 64;
        ulong from = ulong.MaxValue << (start % 64), until = (1UL << (end % 64)) - 1;
        if (first == last) return (_backslashes[first] & from & until) != 0;
        if ((_backslashes[first] & from) != 0) return true;
        for (int i = first + 1; i < last; i++)
        {
            if (_backslashes[i] != 0) return true;
        }

        return (_backslashes[last] & until) != 0;
    }

    /// <summary>
    /// Writes the position of each bit. The first eight are written without a test, which is cheaper than a branch per
    /// quote; the next block overwrites the surplus.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flatten(ref int to, ulong bits, int at)
    {
        if (bits == 0) return;
        int count = BitOperations.PopCount(bits);
        for (int i = 0; i < 8; i++)
        {
            Unsafe.Add(ref to, i) = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }

        for (int i = 8; i < count; i++)
        {
            Unsafe.Add(ref to, i) = at + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Controls(ref byte block)
    {
        Vector256<byte> limit = Vector256.Create((byte)0x20);
        uint low = Vector256.LessThan(Vector256.LoadUnsafe(ref block), limit).ExtractMostSignificantBits();
        uint high = Vector256.LessThan(Vector256.LoadUnsafe(ref block, 32), limit).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }
}
