using System.Buffers;

namespace Flume.Store.Bulk;

/// <summary>The postings of some buffers, moved into one array and sorted; the array goes back when disposed.</summary>
internal sealed class SortedPostings : IDisposable
{
    private readonly int _count;
    private Posting[] _postings;

    internal SortedPostings(IReadOnlyList<PostingBuffer> buffers, BulkMemory memory)
    {
        foreach (PostingBuffer buffer in buffers) _count = checked(_count + buffer.Count);
        _postings = ArrayPool<Posting>.Shared.Rent(_count);
        int at = 0;
        foreach (PostingBuffer buffer in buffers) at += buffer.MoveTo(_postings.AsSpan(at), memory);
        PostingSort.Sort(Span);
    }

    /// <summary>The postings in order, repetitions included.</summary>
    internal Span<Posting> Span => _postings.AsSpan(0, _count);

    /// <summary>The same, to merge with others.</summary>
    internal IEnumerable<Posting> AsEnumerable()
    {
        for (int i = 0; i < _count; i++) yield return _postings[i];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<Posting>.Shared.Return(_postings);
        _postings = [];
    }
}
