using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flume.Views.Store;

/// <summary>The head of a packed block: enough to pass over the block, or to count it, without decoding it.</summary>
internal readonly record struct BlockHead(int Count, Posting First, int Shift, BlockShape Shape);

/// <summary>Which columns a block leaves out because they say nothing.</summary>
[Flags]
internal enum BlockShape : byte
{
    /// <summary>Every column is there.</summary>
    Full = 0,

    /// <summary>All postings have the first one's A: no column of A.</summary>
    OneA = 1,

    /// <summary>No two postings have the same A: the column of A has no run lengths.</summary>
    DistinctA = 2,

    /// <summary>All postings have the first one's B: no column of B.</summary>
    OneB = 4,
}

/// <summary>Packs sorted postings into the value of a block row and back; FORMAT.md draws the bytes.</summary>
/// <remarks>
/// 1. Three columns follow the head, so that each decodes in a tight loop and one that says nothing is left out.
/// 2. Decoding trusts nothing: lengths, order and the last posting (the row's key) are checked. 3. What packs has
/// no branch on its data but the longest numbers'.
/// </remarks>
internal static class PostingBlock
{
    /// <summary>Postings to a block; FORMAT.md has the measurements behind the number.</summary>
    internal const int Size = 256;

    /// <summary>The most bytes that a block of <see cref="Size"/> postings takes.</summary>
    internal const int LengthMax = HeadLength + (Size * 4 * Varint.LengthMax);

    /// <summary>Format and shape, shift, count, first posting.</summary>
    internal const int HeadLength = 28;

    private const byte Format = 0x10;

    /// <summary>
    /// Moves the distinct ones of sorted postings to the front, as many as fit into a block; returns how many postings
    /// they stand for, all that are equal to the last included.
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

    /// <summary>Packs 1 to <see cref="Size"/> postings, strictly ascending; returns the bytes written.</summary>
    /// <param name="postings">The postings.</param>
    /// <param name="into">Room for <see cref="LengthMax"/> bytes, all of which may be written to.</param>
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

    /// <summary>Reads the head of a row's value; false when it can't be one.</summary>
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

    /// <summary>Unpacks a row whose key says <paramref name="last"/>; returns how many postings it held.</summary>
    /// <returns>0 when the row does not decode; <paramref name="fault"/> then says what is wrong with it.</returns>
    internal static int Decode(ReadOnlySpan<byte> value, in Posting last, Span<Posting> into, out string fault)
    {
        fault = "";
        if (!TryReadHead(value, out BlockHead head))
        {
            fault = $"no head of a block ({value.Length} bytes)";
            return 0;
        }

        Span<Posting> postings = into[..head.Count];
        int at = HeadLength;
        if (!DecodeColumns(value, head, postings, ref at))
            fault = $"the columns of {head.Count} postings end early or are out of order (byte {at} of {value.Length})";
        else if (at != value.Length) fault = $"{value.Length - at} bytes behind the last column";
        else if (postings[^1] != last) fault = $"the last posting is {postings[^1]}, the key says {last}";
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

    // Inside a run of one A the order makes the step of B unsigned; at a new A it can go either way.
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

    /// <summary>One of two numbers, without a branch that nobody can foretell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Choose(bool first, ulong one, ulong other) =>
        other ^ ((one ^ other) & (0UL - Unsafe.BitCast<bool, byte>(first)));

    // A posting is its three fields and nothing else, so a column is every third number.
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
