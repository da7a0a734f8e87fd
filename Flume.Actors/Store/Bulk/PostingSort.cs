using System.Numerics;
using System.Runtime.CompilerServices;

namespace Flume.Store.Bulk;

/// <summary>Sorts postings at the speed of the machine: by radix on the bits that differ, then by insertion.</summary>
/// <remarks>
/// Fingerprints spread evenly, so one pass leaves buckets of a few; times share their high and low bits, so only the
/// bits between count; what arrives sorted costs one look at each posting. What defeats radix passes (keys that differ
/// in few places far apart) goes to the library's sort after <see cref="PassesMax"/> of them.
/// </remarks>
internal static unsafe class PostingSort
{
    private const int SmallMax = 24;
    private const int BitsMax = 11;
    private const int PassesMax = 12;
    private const int Fields = 3;

    /// <summary>Puts all postings in order into a place that they do not lie in; scratch has as much room.</summary>
    internal static void Sort(PostingStretches from, PostingSpan into, Posting* scratch)
    {
        ReadOnlySpan<PostingSpan> stretches = from.All;
        Survey survey = Look(stretches);
        if (survey.IsSorted || into.Count <= SmallMax)
        {
            Posting* at = into.First;
            foreach (PostingSpan stretch in stretches)
            {
                stretch.Span.CopyTo(new Span<Posting>(at, stretch.Count));
                at += stretch.Count;
            }

            if (!survey.IsSorted) Insert(into);
            return;
        }

        Distribute(stretches, into, survey, new Pass(0, scratch));
    }

    /// <summary>Sorts what fell into one bucket.</summary>
    private static void Sort(PostingSpan bucket, Pass pass)
    {
        if (bucket.Count <= SmallMax)
        {
            Insert(bucket);
            return;
        }

        Survey survey = Look([bucket]);
        if (survey.IsSorted) return;
        if (pass.Number == PassesMax)
        {
            bucket.Span.Sort();
            return;
        }

        var copy = new PostingSpan(pass.Scratch, bucket.Count);
        bucket.Span.CopyTo(copy.Span);
        Distribute([copy], bucket, survey, pass);
    }

    /// <summary>Whether the postings are in order, and where they differ.</summary>
    private static Survey Look(ReadOnlySpan<PostingSpan> stretches)
    {
        Posting first = *stretches[0].First, previous = first;
        ulong a = 0, b = 0, offset = 0;
        bool sorted = true;
        for (int i = 0; i < stretches.Length; i++)
        {
            for (Posting* at = stretches[i].First, end = stretches[i].End; at < end; at++)
            {
                a |= at->A ^ first.A;
                b |= at->B ^ first.B;
                offset |= (ulong)(at->Offset ^ first.Offset);
                sorted &= !(*at < previous);
                previous = *at;
            }
        }

        return a != 0 ? new Survey(sorted, 0, a) : b != 0 ? new Survey(sorted, 1, b) : new Survey(sorted, 2, offset);
    }

    /// <summary>Distributes by the highest bits in which postings differ, then sorts each bucket.</summary>
    [SkipLocalsInit]
    private static void Distribute(ReadOnlySpan<PostingSpan> from, PostingSpan into, Survey survey, Pass pass)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)into.Count) - 1, 1, BitsMax);
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(survey.Differing) - bits);
        ulong mask = (1UL << bits) - 1;
        int* ends = stackalloc int[1 << BitsMax];
        new Span<int>(ends, (int)mask + 1).Clear();
        for (int i = 0; i < from.Length; i++)
        {
            ulong* end = (ulong*)from[i].End + survey.Field;
            ulong* at = (ulong*)from[i].First + survey.Field;
            for (; at < end; at += Fields) ends[(*at >> shift) & mask]++;
        }

        int sum = 0;
        for (ulong bucket = 0; bucket <= mask; bucket++) (ends[bucket], sum) = (sum, sum + ends[bucket]);
        for (int i = 0; i < from.Length; i++)
        {
            for (Posting* at = from[i].First, end = from[i].End; at < end; at++)
                into.First[ends[(((ulong*)at)[survey.Field] >> shift) & mask]++] = *at;
        }

        int start = 0;
        for (ulong bucket = 0; bucket <= mask; bucket++)
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

    /// <summary>What a look at postings told: the first of the three fields that differs, and in which bits.</summary>
    private readonly record struct Survey(bool IsSorted, int Field, ulong Differing);

    /// <summary>How deep a sort is, and the room that it copies buckets to.</summary>
    private readonly struct Pass(int number, Posting* scratch)
    {
        internal int Number { get; } = number;

        internal Posting* Scratch { get; } = scratch;
    }
}
