namespace Flume.Store.Bulk;

/// <summary>The postings that one sink collected for one index, in the order they came.</summary>
internal sealed class PostingBuffer
{
    private readonly List<Posting[]> _full = [];
    private Posting[] _chunk;
    private int _used;

    internal PostingBuffer(Posting[] chunk) => _chunk = chunk;

    /// <summary>Postings held.</summary>
    internal int Count => (_full.Count * BulkMemory.ChunkPostings) + _used;

    /// <summary>True when <see cref="Extend"/> must come before the next <see cref="Add"/>.</summary>
    internal bool IsFull => _used == _chunk.Length;

    /// <summary>Adds a posting; there must be room.</summary>
    internal void Add(in Posting posting) => _chunk[_used++] = posting;

    /// <summary>Makes room.</summary>
    internal void Extend(Posting[] chunk)
    {
        _full.Add(_chunk);
        _chunk = chunk;
        _used = 0;
    }

    /// <summary>Drops the last postings as long as they are of this record.</summary>
    internal void DropRecord(long offset, BulkMemory memory)
    {
        while (true)
        {
            while (_used > 0 && _chunk[_used - 1].Offset == offset) _used--;
            if (_used > 0 || _full.Count == 0) return;
            memory.Return(_chunk);
            _chunk = _full[^1];
            _full.RemoveAt(_full.Count - 1);
            _used = _chunk.Length;
        }
    }

    /// <summary>Moves everything into the front of <paramref name="into"/> and gives the chunks back.</summary>
    internal int MoveTo(Span<Posting> into, BulkMemory memory)
    {
        int at = 0;
        foreach (Posting[] chunk in _full)
        {
            chunk.CopyTo(into[at..]);
            at += chunk.Length;
        }

        _chunk.AsSpan(0, _used).CopyTo(into[at..]);
        at += _used;
        Discard(memory);
        return at;
    }

    /// <summary>Gives the chunks back; the buffer is not used again.</summary>
    internal void Discard(BulkMemory memory)
    {
        foreach (Posting[] chunk in _full) memory.Return(chunk);
        memory.Return(_chunk);
        _full.Clear();
        _chunk = [];
        _used = 0;
    }
}
