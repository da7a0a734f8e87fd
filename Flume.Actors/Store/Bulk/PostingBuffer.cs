using System.Runtime.CompilerServices;

namespace Flume.Store.Bulk;

/// <summary>The postings that one sink collected for one index, in the order they came.</summary>
internal sealed unsafe class PostingBuffer
{
    private nint[] _chunks = new nint[4];
    private int _chunkCount;
    private Posting* _next;
    private Posting* _end;

    internal PostingBuffer(Posting* chunk) => Extend(chunk);

    /// <summary>Postings held.</summary>
    internal int Count => _chunkCount == 0 ? 0 : (_chunkCount * BulkMemory.ChunkPostings) - (int)(_end - _next);

    /// <summary>How many chunks the postings lie in.</summary>
    internal int ChunkCount => _chunkCount;

    /// <summary>True when <see cref="Extend"/> must come before the next <see cref="Add"/>.</summary>
    internal bool IsFull => _next == _end;

    /// <summary>Adds a posting; there must be room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(ulong a, ulong b, long offset) => *_next++ = new Posting(a, b, offset);

    /// <summary>Makes room.</summary>
    internal void Extend(Posting* chunk)
    {
        if (_chunkCount == _chunks.Length) Array.Resize(ref _chunks, _chunkCount * 2);
        _chunks[_chunkCount++] = (nint)chunk;
        _next = chunk;
        _end = chunk + BulkMemory.ChunkPostings;
    }

    /// <summary>The postings of one chunk.</summary>
    internal PostingSpan Chunk(int index)
    {
        var first = (Posting*)_chunks[index];
        return new PostingSpan(first, index < _chunkCount - 1 ? BulkMemory.ChunkPostings : (int)(_next - first));
    }

    /// <summary>Drops the last postings as long as they are of this record.</summary>
    internal void DropRecord(long offset, BulkMemory memory)
    {
        while (true)
        {
            var first = (Posting*)_chunks[_chunkCount - 1];
            while (_next > first && _next[-1].Offset == offset) _next--;
            if (_next > first || _chunkCount == 1) return;
            memory.Return(first);
            _chunkCount--;
            _next = _end = (Posting*)_chunks[_chunkCount - 1] + BulkMemory.ChunkPostings;
        }
    }

    /// <summary>Gives the chunks back; the buffer is not used again.</summary>
    internal void Discard(BulkMemory memory)
    {
        for (int i = 0; i < _chunkCount; i++) memory.Return((Posting*)_chunks[i]);
        _chunkCount = 0;
        _next = _end = null;
    }
}

/// <summary>Postings that lie side by side outside the collector's heap.</summary>
internal readonly unsafe struct PostingSpan(Posting* first, int count)
{
    /// <summary>The first one.</summary>
    internal Posting* First { get; } = first;

    /// <summary>How many there are.</summary>
    internal int Count { get; } = count;

    /// <summary>The place behind the last.</summary>
    internal Posting* End => First + Count;

    /// <summary>The same, checked.</summary>
    internal Span<Posting> Span => new(First, Count);
}
