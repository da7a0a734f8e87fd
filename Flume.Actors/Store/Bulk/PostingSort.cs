using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flume.Store.Bulk;

/// <summary>Sorts postings at the speed of the machine: by radix on the bits that differ, then by insertion.</summary>
/// <remarks>
/// Fingerprints spread evenly, so one pass leaves buckets of a few; times share their high and low bits, so only the
/// bits between count; an index that arrives sorted costs one look at each posting. What defeats radix passes (keys
/// that differ in few places far apart) goes to the library's sort after <see cref="PassesMax"/> of them. The loops are
/// optimized when first called: a rebuild is over before the runtime would have got round to it.
/// </remarks>
internal static class PostingSort
{
    private const int SmallMax = 24;
    private const int BitsMax = 11;
    private const int PassesMax = 12;

    /// <summary>Sorts in place; takes as much memory again from the shared pool.</summary>
    internal static void Sort(Span<Posting> postings)
    {
        if (postings.Length <= SmallMax)
        {
            Insert(postings);
            return;
        }

        if (IsSorted(postings)) return;
        Posting[] scratch = ArrayPool<Posting>.Shared.Rent(postings.Length);
        Split(postings, scratch, 0);
        ArrayPool<Posting>.Shared.Return(scratch);
    }

    private static void Sort(Span<Posting> bucket, Span<Posting> scratch, int passes)
    {
        if (IsSorted(bucket)) return;
        if (passes == PassesMax) bucket.Sort();
        else Split(bucket, scratch, passes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSorted(ReadOnlySpan<Posting> postings)
    {
        for (int i = 1; i < postings.Length; i++)
            if (postings[i] < postings[i - 1]) return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Split(Span<Posting> postings, Span<Posting> scratch, int passes)
    {
        Posting first = postings[0];
        ulong a = 0, b = 0, offset = 0;
        foreach (ref readonly Posting posting in postings)
        {
            a |= posting.A ^ first.A;
            b |= posting.B ^ first.B;
            offset |= (ulong)(posting.Offset ^ first.Offset);
        }

        if (a != 0) Split<FieldA>(postings, scratch, a, passes);
        else if (b != 0) Split<FieldB>(postings, scratch, b, passes);
        else if (offset != 0) Split<FieldOffset>(postings, scratch, offset, passes);
    }

    /// <summary>Distributes by the highest bits in which the field differs, then sorts what fell together.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Split<TField>(Span<Posting> postings, Span<Posting> scratch, ulong differing, int passes)
        where TField : IField
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)postings.Length) - 1, 1, BitsMax);
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(differing) - bits);
        int mask = (1 << bits) - 1;
        Span<int> ends = stackalloc int[1 << BitsMax];
        ends = ends[..(mask + 1)];
        ends.Clear();
        foreach (ref readonly Posting posting in postings) ends[(int)(TField.Of(posting) >> shift) & mask]++;
        int sum = 0;
        foreach (ref int end in ends) (end, sum) = (sum, sum + end);
        foreach (ref readonly Posting posting in postings)
            scratch[ends[(int)(TField.Of(posting) >> shift) & mask]++] = posting;
        scratch[..postings.Length].CopyTo(postings);

        int start = 0;
        foreach (int end in ends)
        {
            if (end - start > SmallMax) Sort(postings[start..end], scratch, passes + 1);
            start = end;
        }

        Insert(postings);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Insert(Span<Posting> postings)
    {
        for (int i = 1; i < postings.Length; i++)
        {
            Posting posting = postings[i];
            int at = i;
            for (; at > 0 && posting < postings[at - 1]; at--) postings[at] = postings[at - 1];
            if (at != i) postings[at] = posting;
        }
    }

    /// <summary>One field of a posting as an unsigned number.</summary>
    private interface IField
    {
        static abstract ulong Of(in Posting posting);
    }

    private readonly struct FieldA : IField
    {
        public static ulong Of(in Posting posting) => posting.A;
    }

    private readonly struct FieldB : IField
    {
        public static ulong Of(in Posting posting) => posting.B;
    }

    private readonly struct FieldOffset : IField
    {
        public static ulong Of(in Posting posting) => (ulong)posting.Offset;
    }
}
