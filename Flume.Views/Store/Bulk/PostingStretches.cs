namespace Flume.Views.Store.Bulk;

/// <summary>The postings of several buffers as memory ranges, in offset order if that costs little.</summary>
/// <remarks>
/// Each worker reads the log forward, so its buffer ascends by offset. The workers' runs interleave. In offset order,
/// many indexes are already sorted, and the others need no sort by offset. Buffers that do not ascend yield another
/// order, so the sort does not rely on it.
/// </remarks>
internal sealed class PostingStretches
{
    private PackedPostings[] _stretches = new PackedPostings[64];
    private int _count;

    internal PostingStretches(IReadOnlyList<PostingBuffer> buffers)
    {
        var sources = new Source[buffers.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            PostingTotal = checked(PostingTotal + (int)buffers[i].Count);
            sources[i] = new Source(buffers[i]);
        }

        while (Lowest(sources, out long limit) is { } lowest) Add(lowest.TakeUpTo(limit));
    }

    /// <summary>The memory ranges.</summary>
    internal ReadOnlySpan<PackedPostings> All => _stretches.AsSpan(0, _count);

    /// <summary>The number of postings in them.</summary>
    internal int PostingTotal { get; }

    private void Add(PackedPostings stretch)
    {
        if (_count == _stretches.Length) Array.Resize(ref _stretches, _count * 2);
        _stretches[_count++] = stretch;
    }

    /// <summary>The source with the lowest next offset, and the next offset of the source after it.</summary>
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

    /// <summary>One buffer, read by chunk.</summary>
    private sealed class Source
    {
        private readonly PostingBuffer _buffer;
        private int _chunk = -1;
        private PackedPostings _postings;
        private int _at;

        internal Source(PostingBuffer buffer)
        {
            _buffer = buffer;
            NextChunk();
        }

        internal bool AtEnd => _chunk == _buffer.ChunkCount;

        internal long Offset { get; private set; }

        /// <summary>The next postings of this chunk, at least one, up to the first one above the limit.</summary>
        internal PackedPostings TakeUpTo(long limit)
        {
            int first = _at++, end = _postings.Count;
            if (_postings.OffsetOf(end - 1) <= limit) _at = end;
            while (_at < end)
            {
                int middle = (_at + end) / 2;
                if (_postings.OffsetOf(middle) <= limit) _at = middle + 1;
                else end = middle;
            }

            PackedPostings taken = _postings.Slice(first, _at - first);
            if (_at == _postings.Count) NextChunk();
            else Offset = _postings.OffsetOf(_at);
            return taken;
        }

        private void NextChunk()
        {
            _at = 0;
            while (++_chunk < _buffer.ChunkCount)
            {
                _postings = _buffer.Chunk(_chunk);
                if (_postings.Count == 0) continue;
                Offset = _postings.OffsetOf(0);
                return;
            }
        }
    }
}
