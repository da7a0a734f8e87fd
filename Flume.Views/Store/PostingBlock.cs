using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flume.Views.Store;

/// <summary>The header of a packed block. It is sufficient to skip or count the block without decoding.</summary>
internal readonly record struct BlockHead(int Count, Posting First, int Shift, BlockShape Shape);

/// <summary>The columns that a block omits because they contain no information.</summary>
[Flags]
internal enum BlockShape : byte
{
    /// <summary>All columns are present.</summary>
    Full = 0,

    /// <summary>All postings have the same A: the block has no column of A.</summary>
    OneA = 1,

    /// <summary>All A are distinct: the column of A has no run lengths.</summary>
    DistinctA = 2,

    /// <summary>All postings have the same B: the block has no column of B.</summary>
    OneB = 4,
}

/// <summary>
/// Encodes sorted postings as the value of a block row, and decodes it. FORMAT.md specifies the bytes.
/// </summary>
/// <remarks>
/// 1. Three columns follow the header. Each decodes in a tight loop. A column without information is omitted.
/// 2. Decoding verifies the lengths, the order, and the last posting, which is the row's key.
/// 3. Encoding has no branch that depends on the data, except for the longest numbers.
/// </remarks>
internal static class PostingBlock
{
    /// <summary>The maximum number of postings per block. FORMAT.md lists the measurements.</summary>
    internal const int Size = 256;

    /// <summary>The maximum bytes of a block of <see cref="Size"/> postings.</summary>
    internal const int LengthMax = HeadLength + (Size * 4 * Varint.LengthMax);

    /// <summary>The size of format and shape, shift, count, and first posting.</summary>
    internal const int HeadLength = 28;

    private const byte Format = 0x10;

    /// <summary>
    /// Moves the distinct postings of a sorted span to its front, as many as fit into a block. Returns the number of
    /// consumed postings, including all that equal the last one.
    /// </summary>
    internal static int TakeDistinct(Span<Posting> sorted, out int count)
    {
        int at = 1;
        count = 1;
        for (; at < sorted.Length; at++)
        {
            if (sorted[at] == sorted[count - 1]) continue;
            if (count == Size) break;
            if (at != count) sorted[count] = sorted[at];
            count++;
        }

        return at;
    }

    /// <summary>
    /// Encodes 1 to <see cref="Size"/> postings in strictly ascending order. Returns the bytes written.
    /// </summary>
    /// <param name="postings">The postings.</param>
    /// <param name="into">A buffer of <see cref="LengthMax"/> bytes. All of its bytes may be overwritten.</param>
    internal static unsafe int Encode(ReadOnlySpan<Posting> postings, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(postings.Length, Size);
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, LengthMax);
        Posting head = postings[0];
        BlockShape shape = ShapeOf(postings, out int shift);
        into[0] = (byte)(Format | (byte)shape);
        into[1] = (byte)shift;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)postings.Length);
        BinaryPrimitives.WriteUInt64BigEndian(into[4..], head.A);
        BinaryPrimitives.WriteUInt64BigEndian(into[12..], head.B);
        BinaryPrimitives.WriteInt64BigEndian(into[20..], head.Offset);
        fixed (Posting* first = postings)
        fixed (byte* start = into)
        {
            Posting* end = first + postings.Length;
            byte* to = start + HeadLength;
            if ((shape & BlockShape.OneA) == 0) to = EncodeA(first, end, to, (shape & BlockShape.DistinctA) == 0);
            if ((shape & BlockShape.OneB) == 0) to = EncodeB(first, end, to, shift);
            return (int)(EncodeOffsets(first, end, to) - start);
        }
    }

    /// <summary>Reads the header of a row's value. False if it is invalid.</summary>
    internal static bool TryReadHead(ReadOnlySpan<byte> value, out BlockHead head)
    {
        head = default;
        if (value.Length < HeadLength || (value[0] & 0xF8) != Format || value[1] > 63) return false;
        int count = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        var first = new Posting(
            BinaryPrimitives.ReadUInt64BigEndian(value[4..]),
            BinaryPrimitives.ReadUInt64BigEndian(value[12..]),
            BinaryPrimitives.ReadInt64BigEndian(value[20..]));
        head = new BlockHead(count, first, value[1], (BlockShape)(value[0] & 7));
        return count is > 0 and <= Size && first.Offset >= 0;
    }

    /// <summary>Decodes a row with the key <paramref name="last"/>. Returns the number of postings.</summary>
    /// <returns>0 if the row is invalid; <paramref name="fault"/> then describes the fault.</returns>
    internal static int Decode(ReadOnlySpan<byte> value, in Posting last, Span<Posting> into, out string fault)
    {
        fault = "";
        if (!TryReadHead(value, out BlockHead head))
        {
            fault = $"invalid block header ({value.Length} bytes)";
            return 0;
        }

        Span<Posting> postings = into[..head.Count];
        int at = HeadLength;
        if (!DecodeColumns(value, head, postings, ref at))
            fault = $"the columns of {head.Count} postings end early or are out of order (byte {at} of {value.Length})";
        else if (at != value.Length) fault = $"{value.Length - at} bytes after the last column";
        else if (postings[^1] != last) fault = $"the last posting is {postings[^1]}, the key is {last}";
        return fault.Length == 0 ? head.Count : 0;
    }

    private static BlockShape ShapeOf(ReadOnlySpan<Posting> postings, out int shift)
    {
        int runs = 1;
        ulong differing = 0;
        for (int i = 1; i < postings.Length; i++)
        {
            if (postings[i].A != postings[i - 1].A) runs++;
            differing |= postings[i].B ^ postings[0].B;
        }

        shift = differing == 0 ? 0 : BitOperations.TrailingZeroCount(differing);
        BlockShape shape = differing == 0 ? BlockShape.OneB : BlockShape.Full;
        if (runs == 1) return shape | BlockShape.OneA;
        return runs == postings.Length ? shape | BlockShape.DistinctA : shape;
    }

    private static unsafe byte* EncodeA(Posting* first, Posting* end, byte* to, bool runLengths)
    {
        for (Posting* at = first; at < end;)
        {
            Posting* run = at + 1;
            while (run < end && run->A == at->A) run++;
            if (at > first) to = Varint.Write(to, at->A - at[-1].A);
            if (runLengths) to = Varint.Write(to, (ulong)(run - at - 1));
            at = run;
        }

        return to;
    }

    // Within a run of one A, B ascends, so its step is unsigned. At a new A, B can also decrease.
    private static unsafe byte* EncodeB(Posting* first, Posting* end, byte* to, int shift)
    {
        for (Posting* at = first + 1; at < end; at++)
        {
            ulong step = at->B - at[-1].B;
            to = Varint.Write(to, Choose(at->A == at[-1].A, step >> shift, Varint.ZigZag((long)step >> shift)));
        }

        return to;
    }

    private static unsafe byte* EncodeOffsets(Posting* first, Posting* end, byte* to)
    {
        for (Posting* at = first + 1; at < end; at++)
        {
            long step = at->Offset - at[-1].Offset;
            bool ascends = at->A == at[-1].A & at->B == at[-1].B;
            to = Varint.Write(to, Choose(ascends, (ulong)step, Varint.ZigZag(step)));
        }

        return to;
    }

    /// <summary>Selects one of two numbers without an unpredictable branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Choose(bool first, ulong one, ulong other) =>
        other ^ ((one ^ other) & (0UL - Unsafe.BitCast<bool, byte>(first)));

    // A posting contains only its three fields, so a column is every third number.
    private static bool DecodeColumns(ReadOnlySpan<byte> value, in BlockHead head, Span<Posting> into, ref int at)
    {
        Span<ulong> fields = MemoryMarshal.Cast<Posting, ulong>(into);
        into[0] = head.First;
        return DecodeA(value, head, fields, ref at)
            && DecodeB(value, head, fields, ref at)
            && DecodeOffsets(value, fields, ref at);
    }

    private static bool DecodeA(ReadOnlySpan<byte> value, in BlockHead head, Span<ulong> fields, ref int at)
    {
        bool runLengths = (head.Shape & BlockShape.DistinctA) == 0;
        ulong a = head.First.A;
        for (int i = 0; i < fields.Length;)
        {
            ulong step = 0, more = 0;
            if ((head.Shape & BlockShape.OneA) != 0) more = (ulong)head.Count - 1;
            else if (i > 0 && (!Varint.TryRead(value, ref at, out step) || step == 0)) return false;
            else if (runLengths && !Varint.TryRead(value, ref at, out more)) return false;
            if (more >= (ulong)((fields.Length - i) / 3) || a + step < a) return false;
            a += step;
            for (int end = i + ((int)more * 3); i <= end; i += 3) fields[i] = a;
        }

        return true;
    }

    private static bool DecodeB(ReadOnlySpan<byte> value, in BlockHead head, Span<ulong> fields, ref int at)
    {
        bool coded = (head.Shape & BlockShape.OneB) == 0;
        ulong b = head.First.B;
        for (int i = 4; i < fields.Length; i += 3)
        {
            ulong code = 0;
            if (coded && !Varint.TryRead(value, ref at, out code)) return false;
            bool sameA = fields[i - 1] == fields[i - 4];
            ulong next = b + ((sameA ? code : (ulong)Varint.UnZigZag(code)) << head.Shift);
            if (sameA && next < b) return false;
            fields[i] = b = next;
        }

        return true;
    }

    private static bool DecodeOffsets(ReadOnlySpan<byte> value, Span<ulong> fields, ref int at)
    {
        long offset = (long)fields[2];
        for (int i = 5; i < fields.Length; i += 3)
        {
            if (!Varint.TryRead(value, ref at, out ulong code)) return false;
            bool ascends = fields[i - 1] == fields[i - 4] && fields[i - 2] == fields[i - 5];
            long next = offset + (ascends ? (long)code : Varint.UnZigZag(code));
            if (next < 0 || (ascends && next <= offset)) return false;
            fields[i] = (ulong)(offset = next);
        }

        return true;
    }
}
