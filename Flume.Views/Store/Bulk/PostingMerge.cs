namespace Flume.Views.Store.Bulk;

/// <summary>Merges sorted sources of one index into blocks; equal postings count once.</summary>
/// <remarks>
/// The sources stand in the order of their next postings. The first gives all that comes before the second's: runs of a
/// log follow each other in time, so in many an index that is a stretch.
/// </remarks>
internal static unsafe class PostingMerge
{
    /// <summary>Reads all sources to their ends.</summary>
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
            if (Give(lowest, count > 1 ? *waiting[1].At : Posting.Highest, index, into)) Reinsert(waiting, lowest, count);
            else Array.Copy(waiting, 1, waiting, 0, --count);
        }

        into.EndIndex(index);
    }

    /// <summary>Writes a source's postings up to a bound; false when it has no more.</summary>
    private static bool Give(PostingSource source, Posting bound, byte index, BlockWriter into)
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

    /// <summary>Moves the first source up to where it now stands.</summary>
    private static void Reinsert(PostingSource[] waiting, PostingSource first, int count)
    {
        Posting next = *first.At;
        int at = 1;
        for (; at < count && *waiting[at].At < next; at++) waiting[at - 1] = waiting[at];
        waiting[at - 1] = first;
    }
}
