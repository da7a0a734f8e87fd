namespace Flume.Views.Store.Bulk;

/// <summary>Merges sorted sources of one index into blocks. Equal postings count once.</summary>
/// <remarks>
/// The sources are ordered by their next postings. The first source yields all postings up to the second source's
/// next one. Runs of a log follow each other in time, so for many indexes this is a long range.
/// </remarks>
internal static unsafe class PostingMerge
{
    /// <summary>Merges all sources up to their ends.</summary>
    internal static void Merge(byte index, IReadOnlyList<PostingSource> sources, BlockWriter into)
    {
        var waiting = new PostingSource[sources.Count];
        int count = 0;
        foreach (PostingSource source in sources)
        {
            if (source.Fill()) Insert(waiting, source, count++);
        }

        while (count > 0)
        {
            PostingSource lowest = waiting[0];
            Posting bound = count > 1 ? *waiting[1].At : Posting.Highest;
            if (WriteUpTo(lowest, bound, index, into)) Reinsert(waiting, lowest, count);
            else Array.Copy(waiting, 1, waiting, 0, --count);
        }

        into.EndIndex(index);
    }

    /// <summary>Writes a source's postings up to a bound. False if the source has no more.</summary>
    private static bool WriteUpTo(PostingSource source, Posting bound, byte index, BlockWriter into)
    {
        do
        {
            Posting* from = source.At, to = from, end = source.End;
            while (to < end && *to <= bound) to++;
            into.Add(index, from, to);
            source.At = to;
            if (to < end) return true;
        }
        while (source.Fill());
        return false;
    }

    private static void Insert(PostingSource[] waiting, PostingSource source, int count)
    {
        int at = count;
        for (; at > 0 && *source.At < *waiting[at - 1].At; at--) waiting[at] = waiting[at - 1];
        waiting[at] = source;
    }

    /// <summary>Moves the first source to its new position in the order.</summary>
    private static void Reinsert(PostingSource[] waiting, PostingSource first, int count)
    {
        Posting next = *first.At;
        int at = 1;
        for (; at < count && *waiting[at].At < next; at++) waiting[at - 1] = waiting[at];
        waiting[at - 1] = first;
    }
}
