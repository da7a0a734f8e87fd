namespace Flume.Views.Store.Bulk;

/// <summary>The sorted postings of some buffers, in their own memory. Disposal returns the memory.</summary>
internal sealed unsafe class SortedPostings : IDisposable
{
    private readonly BulkMemory _memory;
    private readonly NativeSlab _room;
    private readonly int _count;

    /// <summary>Sorts the postings and returns the buffers' chunks.</summary>
    internal SortedPostings(IReadOnlyList<PostingBuffer> buffers, BulkMemory memory)
    {
        _memory = memory;
        var stretches = new PostingStretches(buffers);
        _count = stretches.PostingTotal;
        // One slab holds both halves, so a thread sorts every index in the same pages. The sort touches little of the
        // scratch half.
        _room = memory.RentRoom(_count * 2L);
        if (_count > 0) PostingSort.Sort(stretches, All, All.End);
        foreach (PostingBuffer buffer in buffers) buffer.Discard(memory);
    }

    /// <summary>The postings in order, duplicates included.</summary>
    internal PostingSpan All => new((Posting*)_room.First, _count);

    /// <inheritdoc/>
    public void Dispose() => _memory.ReturnRoom(_room);
}
