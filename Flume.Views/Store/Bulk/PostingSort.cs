using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flume.Views.Store.Bulk;

/// <summary>Sorts postings: a radix sort on the bits that differ, then an insertion sort.</summary>
/// <remarks>
/// Fingerprints are uniform, so one pass leaves buckets of a few postings. Times share their high and low bits, so
/// only the bits between them are sorted. Sorted input costs one look at each posting. Keys that differ in few,
/// distant bits defeat radix passes. After <see cref="PassesMax"/> passes the library's sort handles them.
/// </remarks>
internal static unsafe class PostingSort
{
    private const int SmallMax = 24;
    private const int BitsMax = 11;
    private const int PassesMax = 12;
    private const int OffsetField = 2;

    /// <summary>
    /// Sorts all postings into a destination of sufficient size. The scratch memory has the same size.
    /// </summary>
    internal static void Sort(PostingStretches from, PostingSpan into, Posting* scratch)
    {
        ReadOnlySpan<PackedPostings> stretches = from.All;
        Survey survey = SurveyOf(stretches);
        if (survey.IsSorted || into.Count <= SmallMax)
        {
            Posting* at = into.First;
            foreach (PackedPostings stretch in stretches) at = stretch.CopyTo(at);
            if (!survey.IsSorted) Insert(into);
            return;
        }

        Distribute(stretches, into, survey, new Pass(0, scratch));
    }

    /// <summary>Sorts the postings of one bucket.</summary>
    private static void Sort(PostingSpan bucket, Pass pass)
    {
        if (bucket.Count <= SmallMax)
        {
            Insert(bucket);
            return;
        }

        Survey survey = SurveyOf(bucket);
        if (survey.IsSorted) return;
        if (pass.Number == PassesMax)
        {
            bucket.Span.Sort();
            return;
        }

        var copy = new PostingSpan(pass.Scratch, bucket.Count);
        bucket.Span.CopyTo(copy.Span);
        Distribute(copy, bucket, survey, pass);
    }

    /// <summary>Determines whether the postings are sorted, and in which bits they differ.</summary>
    private static Survey SurveyOf(ReadOnlySpan<PackedPostings> stretches)
    {
        Posting first = stretches[0].Read().Next(), previous = first;
        ulong a = 0, b = 0, offset = 0;
        bool sorted = true;
        for (int i = 0; i < stretches.Length; i++)
        {
            PackedReader reader = stretches[i].Read();
            for (int left = stretches[i].Count; left > 0; left--)
            {
                Posting posting = reader.Next();
                a |= posting.A ^ first.A;
                b |= posting.B ^ first.B;
                offset |= (ulong)(posting.Offset ^ first.Offset);
                sorted &= !(posting < previous);
                previous = posting;
            }
        }

        return Survey.Of(sorted, a, b, offset);
    }

    private static Survey SurveyOf(PostingSpan postings)
    {
        Posting first = *postings.First, previous = first;
        ulong a = 0, b = 0, offset = 0;
        bool sorted = true;
        for (Posting* at = postings.First; at < postings.End; at++)
        {
            a |= at->A ^ first.A;
            b |= at->B ^ first.B;
            offset |= (ulong)(at->Offset ^ first.Offset);
            sorted &= !(*at < previous);
            previous = *at;
        }

        return Survey.Of(sorted, a, b, offset);
    }

    /// <summary>Distributes by the highest bits in which postings differ, then sorts each bucket.</summary>
    [SkipLocalsInit]
    private static void Distribute(ReadOnlySpan<PackedPostings> from, PostingSpan into, Survey survey, Pass pass)
    {
        var digit = new Digit(survey, into.Count);
        int* ends = stackalloc int[1 << BitsMax];
        digit.Clear(ends);
        for (int i = 0; i < from.Length; i++)
        {
            if (survey.Field == OffsetField)
            {
                PackedReader reader = from[i].Read();
                for (int left = from[i].Count; left > 0; left--) ends[digit.Of((ulong)reader.Next().Offset)]++;
                continue;
            }

            var at = (byte*)from[i].Field(survey.Field, out int stride);
            for (int left = from[i].Count; left > 0; left--, at += stride) ends[digit.Of(*(ulong*)at)]++;
        }

        digit.Sum(ends);
        for (int i = 0; i < from.Length; i++)
        {
            PackedReader reader = from[i].Read();
            for (int left = from[i].Count; left > 0; left--)
            {
                Posting posting = reader.Next();
                into.First[ends[digit.Of(survey.FieldOf(posting))]++] = posting;
            }
        }

        SortBuckets(into, ends, digit, pass);
    }

    [SkipLocalsInit]
    private static void Distribute(PostingSpan from, PostingSpan into, Survey survey, Pass pass)
    {
        var digit = new Digit(survey, into.Count);
        int* ends = stackalloc int[1 << BitsMax];
        digit.Clear(ends);
        for (Posting* at = from.First; at < from.End; at++) ends[digit.Of(((ulong*)at)[survey.Field])]++;
        digit.Sum(ends);
        for (Posting* at = from.First; at < from.End; at++)
            into.First[ends[digit.Of(((ulong*)at)[survey.Field])]++] = *at;
        SortBuckets(into, ends, digit, pass);
    }

    private static void SortBuckets(PostingSpan into, int* ends, Digit digit, Pass pass)
    {
        int start = 0;
        for (int bucket = 0; bucket < digit.Buckets; bucket++)
        {
            int count = ends[bucket] - start;
            if (count > 1) Sort(new PostingSpan(into.First + start, count), new Pass(pass.Number + 1, pass.Scratch));
            start = ends[bucket];
        }
    }

    private static void Insert(PostingSpan postings)
    {
        Posting* first = postings.First, end = postings.End;
        for (Posting* next = first + 1; next < end; next++)
        {
            Posting posting = *next;
            Posting* at = next;
            for (; at > first && posting < at[-1]; at--) *at = at[-1];
            if (at != next) *at = posting;
        }
    }

    /// <summary>The first of the three fields in which postings differ, and the bits that differ.</summary>
    private readonly record struct Survey(bool IsSorted, int Field, ulong Differing)
    {
        internal static Survey Of(bool sorted, ulong a, ulong b, ulong offset) =>
            a != 0 ? new(sorted, 0, a) : b != 0 ? new(sorted, 1, b) : new(sorted, OffsetField, offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal ulong FieldOf(in Posting posting) =>
            Field == 0 ? posting.A : Field == 1 ? posting.B : (ulong)posting.Offset;
    }

    /// <summary>The bits of one field that select the bucket of a posting.</summary>
    private readonly struct Digit
    {
        private readonly int _shift;
        private readonly ulong _mask;

        internal Digit(Survey survey, int count)
        {
            int bits = Math.Clamp(BitOperations.Log2((uint)count) - 1, 1, BitsMax);
            _shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(survey.Differing) - bits);
            _mask = (1UL << bits) - 1;
        }

        internal int Buckets => (int)_mask + 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal ulong Of(ulong field) => (field >> _shift) & _mask;

        internal void Clear(int* counts) => new Span<int>(counts, Buckets).Clear();

        /// <summary>Converts counts to the start of each bucket.</summary>
        internal void Sum(int* counts)
        {
            int sum = 0;
            for (int bucket = 0; bucket < Buckets; bucket++) (counts[bucket], sum) = (sum, sum + counts[bucket]);
        }
    }

    /// <summary>The depth of the sort, and the memory to which it copies buckets.</summary>
    private readonly struct Pass(int number, Posting* scratch)
    {
        internal int Number { get; } = number;

        internal Posting* Scratch { get; } = scratch;
    }
}
