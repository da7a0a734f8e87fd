namespace Flume.Views.Store.Bulk;

/// <summary>The postings of some buffers, sorted into room of their own; the room goes back when disposed.</summary>
internal sealed unsafe class SortedPostings : IDisposable
{
    private readonly BulkMemory _memory;
    private readonly NativeSlab _room;
    private readonly int _count;

    /// <summary>Sorts; the buffers' chunks go back to the memory.</summary>
    internal SortedPostings(IReadOnlyList<PostingBuffer> buffers, BulkMemory memory)
    {
        _memory = memory;
        var stretches = new PostingStretches(buffers);
        _count = stretches.PostingTotal;
        // One room for both, so that a thread sorts every index into the same pages; few of the scratch are touched.
        _room = memory.RentRoom(_count * 2L);
        if (_count > 0) PostingSort.Sort(stretches, All, All.End);
        foreach (PostingBuffer buffer in buffers) buffer.Discard(memory);
    }

    /// <summary>The postings in order, repetitions included.</summary>
    internal PostingSpan All => new((Posting*)_room.First, _count);

    /// <inheritdoc/>
    public void Dispose() => _memory.ReturnRoom(_room);
}
