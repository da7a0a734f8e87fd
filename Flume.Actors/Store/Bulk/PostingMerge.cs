namespace Flume.Store.Bulk;

/// <summary>Merges sorted sources of one index into blocks; equal postings count once.</summary>
internal static class PostingMerge
{
    /// <summary>Reads all sources to their ends.</summary>
    internal static void Merge(byte index, IReadOnlyList<PostingSource> sources, BlockWriter into)
    {
        var heap = new PostingSource[sources.Count];
        int count = 0;
        foreach (PostingSource source in sources)
            if (source.MoveNext()) heap[count++] = source;
        for (int i = (count / 2) - 1; i >= 0; i--) Sink(heap, i, count);
        Drain(heap, count, index, into);
        into.EndIndex(index);
    }

    private static void Drain(PostingSource[] heap, int count, byte index, BlockWriter into)
    {
        while (count > 0)
        {
            PostingSource lowest = heap[0];
            into.Add(index, lowest.Current);
            if (!lowest.MoveNext()) heap[0] = heap[--count];
            Sink(heap, 0, count);
        }
    }

    /// <summary>Moves a source down to where none below it goes on lower.</summary>
    private static void Sink(PostingSource[] heap, int at, int count)
    {
        PostingSource source = heap[at];
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= count) break;
            if (child + 1 < count && heap[child + 1].Current < heap[child].Current) child++;
            if (!(heap[child].Current < source.Current)) break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = source;
    }
}
