namespace Flume.Store.Bulk;

/// <summary>The postings of several buffers as stretches of memory, by offset where that is cheap.</summary>
/// <remarks>
/// Each worker reads the log forward, so its buffer ascends by offset, and the workers' runs interleave. Read by
/// offset, many an index arrives sorted, and all others need no sorting by offset. Buffers that do not ascend come out
/// in some other order: whoever sorts does not rely on it.
/// </remarks>
internal sealed unsafe class PostingStretches
{
    private PostingSpan[] _stretches = new PostingSpan[64];
    private int _count;

    internal PostingStretches(IReadOnlyList<PostingBuffer> buffers)
    {
        var sources = new Source[buffers.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            PostingTotal = checked(PostingTotal + buffers[i].Count);
            sources[i] = new Source(buffers[i]);
        }

        while (Lowest(sources, out long limit) is { } lowest) Add(lowest.TakeUpTo(limit));
    }

    /// <summary>The stretches.</summary>
    internal ReadOnlySpan<PostingSpan> All => _stretches.AsSpan(0, _count);

    /// <summary>How many postings they hold.</summary>
    internal int PostingTotal { get; }

    private void Add(PostingSpan stretch)
    {
        if (_count == _stretches.Length) Array.Resize(ref _stretches, _count * 2);
        _stretches[_count++] = stretch;
    }

    /// <summary>The source that goes on at the lowest offset, and where the next one does.</summary>
    private static Source? Lowest(Source[] sources, out long limit)
    {
        Source? lowest = null;
        limit = long.MaxValue;
        foreach (Source source in sources)
        {
            if (source.AtEnd) continue;
            if (lowest is null || source.Offset < lowest.Offset)
            {
                if (lowest is not null) limit = Math.Min(limit, lowest.Offset);
                lowest = source;
            }
            else limit = Math.Min(limit, source.Offset);
        }

        return lowest;
    }

    /// <summary>One buffer, read chunk by chunk.</summary>
    private sealed class Source
    {
        private readonly PostingBuffer _buffer;
        private int _chunk = -1;
        private Posting* _at;
        private Posting* _end;

        internal Source(PostingBuffer buffer)
        {
            _buffer = buffer;
            NextChunk();
        }

        internal bool AtEnd => _chunk == _buffer.ChunkCount;

        internal long Offset => _at->Offset;

        /// <summary>What follows in this chunk, at least one posting, up to the first above the limit.</summary>
        internal PostingSpan TakeUpTo(long limit)
        {
            Posting* first = _at, at = first + 1;
            if (_end[-1].Offset <= limit) at = _end;
            while (at < _end && at->Offset <= limit) at++;
            _at = at;
            if (at == _end) NextChunk();
            return new PostingSpan(first, (int)(at - first));
        }

        private void NextChunk()
        {
            while (++_chunk < _buffer.ChunkCount)
            {
                PostingSpan chunk = _buffer.Chunk(_chunk);
                _at = chunk.First;
                _end = chunk.End;
                if (chunk.Count > 0) return;
            }
        }
    }
}
