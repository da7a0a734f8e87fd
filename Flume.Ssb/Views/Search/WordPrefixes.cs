using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Flume.Ssb.Views.Search;

/// <summary>
/// Enumerates the words of a text in lower case, as the first eight bytes of each in big-endian order.
/// </summary>
/// <remarks>
/// A word is a sequence of three or more ASCII letters, digits and underscores (npm flumeview-search's <c>/\w+/</c>).
/// Repeated words are enumerated again. Classification processes 64 bytes at a time, with one bit per byte.
/// </remarks>
internal ref struct WordPrefixes(ReadOnlySpan<byte> text)
{
    /// <summary>Shorter words are not indexed.</summary>
    internal const int LengthMin = 3;

    /// <summary>The number of indexed bytes of a word.</summary>
    internal const int PrefixLength = 8;

    private const int BlockSize = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _block = -BlockSize;
    private ulong _left;

    /// <summary>The current word's prefix.</summary>
    public ulong Current { get; private set; }

    /// <summary>The current word in the text, complete.</summary>
    public ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>Supports <c>foreach</c>.</summary>
    public readonly WordPrefixes GetEnumerator() => this;

    /// <summary>Moves to the next word; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        while (true)
        {
            while (_left == 0)
            {
                if (!NextBlock()) return false;
            }

            int skip = BitOperations.TrailingZeroCount(_left);
            int start = _block + skip, length = TakeRun(skip);
            if (length < LengthMin) continue;
            Current = Prefix(start, length);
            Word = _text.Slice(start, length);
            return true;
        }
    }

    /// <summary>Takes the word that starts at a bit of this block. Returns its length in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakeRun(int skip)
    {
        int run = BitOperations.TrailingZeroCount(~(_left >> skip));
        if (skip + run >= BlockSize) return TakeLongRun(BlockSize - skip);
        _left &= ulong.MaxValue << (skip + run);
        return run;
    }

    private int TakeLongRun(int length)
    {
        while (NextBlock())
        {
            int run = BitOperations.TrailingZeroCount(~_left);
            length += run;
            if (run == BlockSize) continue;
            _left &= ulong.MaxValue << run;
            return length;
        }

        return length;
    }

    private bool NextBlock()
    {
        _block += BlockSize;
        _left = 0;
        if (_block >= _text.Length) return false;
        ReadOnlySpan<byte> rest = _text[_block..];
        if (rest.Length >= BlockSize)
        {
            _left = WordBytes(rest);
            return true;
        }

        Span<byte> padded = stackalloc byte[BlockSize];
        padded.Clear();
        rest.CopyTo(padded);
        _left = WordBytes(padded);
        return true;
    }

    /// <summary>One bit for each of 64 bytes: true for bytes of a word.</summary>
    private static ulong WordBytes(ReadOnlySpan<byte> block)
    {
        ref byte first = ref MemoryMarshal.GetReference(block);
        return WordBytes(ref first) | ((ulong)WordBytes(ref Unsafe.Add(ref first, BlockSize / 2)) << (BlockSize / 2));
    }

    // By reference, because a method with a vector parameter is not compiled ahead of time.
    private static uint WordBytes(ref byte first)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref first);
        Vector256<byte> letters = (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
        Vector256<byte> digits = bytes - Vector256.Create((byte)'0');
        return (Vector256.LessThanOrEqual(letters, Vector256.Create((byte)25)) |
            Vector256.LessThanOrEqual(digits, Vector256.Create((byte)9)) |
            Vector256.Equals(bytes, Vector256.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Prefix(int start, int length)
    {
        ulong bytes = start + sizeof(ulong) <= _text.Length
            ? BinaryPrimitives.ReadUInt64BigEndian(_text[start..]) : PrefixAtEnd(_text[start..]);
        return LowerCase(length < sizeof(ulong) ? bytes & ~(ulong.MaxValue >> (8 * length)) : bytes);
    }

    private static ulong PrefixAtEnd(ReadOnlySpan<byte> text)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        text.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    /// <summary>Eight word bytes or zeros, with the letters in lower case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LowerCase(ulong bytes)
    {
        const ulong Each = 0x0101_0101_0101_0101;
        ulong lower = bytes | ((bytes & (0x40 * Each)) >> 1);
        ulong underscores = (lower + Each) & (0x80 * Each); // '_' alone became 0x7f
        return lower & ~(underscores >> 2);
    }
}
