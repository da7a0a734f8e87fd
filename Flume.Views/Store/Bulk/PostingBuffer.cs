using System.Runtime.CompilerServices;

namespace Flume.Views.Store.Bulk;

/// <summary>The postings that one sink collected for one index, packed, in order of arrival.</summary>
/// <remarks>
/// The first chunk has every column. A full chunk determines which columns the next chunk omits. A posting that does
/// not fit without these columns closes its chunk early and starts a chunk with them. So at most half of the memory
/// is wasted.
/// </remarks>
internal sealed unsafe class PostingBuffer
{
    private nint[] _chunks = new nint[4];
    private int _chunkCount;
    private long _countBefore;

    // The fields of the open chunk, copied for the loop that fills it.
    private PostingChunk* _chunk;
    private byte* _next;
    private byte* _end;
    private ulong _a;
    private ulong _b;
    private long _high;
    private bool _hasA;
    private bool _hasB;
    private bool _hasHigh;

    /// <summary>The number of postings.</summary>
    internal long Count => _chunkCount == 0 ? 0 : _countBefore + OpenCount;

    /// <summary>The number of chunks.</summary>
    internal int ChunkCount => _chunkCount;

    private int OpenCount => (int)((_next - PostingChunk.Entries(_chunk)) / PostingChunk.Stride(_chunk->Columns));

    /// <summary>Adds a posting. False if it needs another chunk, which <see cref="Extend"/> adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(ulong a, ulong b, long offset)
    {
        byte* at = _next;
        bool fits = (_hasA | a == _a) & (_hasB | b == _b) & (_hasHigh | PostingChunk.HighOf(offset) == _high);
        if (at == _end || !fits) return false;
        *(uint*)at = (uint)offset;
        at += sizeof(uint);
        if (_hasHigh)
        {
            *(uint*)at = (uint)(offset >> 32);
            at += sizeof(uint);
        }

        if (_hasA)
        {
            *(ulong*)at = a;
            at += sizeof(ulong);
        }

        if (_hasB)
        {
            *(ulong*)at = b;
            at += sizeof(ulong);
        }

        _next = at;
        return true;
    }

    /// <summary>Adds a posting to a new chunk.</summary>
    internal void Extend(byte* chunk, ulong a, ulong b, long offset)
    {
        PostingColumns columns = _chunkCount == 0 ? PostingColumns.All : NextColumns(a, b, offset);
        if (_chunkCount == _chunks.Length) Array.Resize(ref _chunks, _chunkCount * 2);
        _chunks[_chunkCount++] = (nint)chunk;
        _chunk = (PostingChunk*)chunk;
        *_chunk = new PostingChunk { A = a, B = b, High = PostingChunk.HighOf(offset), Columns = columns };
        _next = PostingChunk.Entries(_chunk);
        _end = _next + (PostingChunk.Capacity(columns) * PostingChunk.Stride(columns));
        (_a, _b, _high) = (a, b, _chunk->High);
        _hasA = (columns & PostingColumns.A) != 0;
        _hasB = (columns & PostingColumns.B) != 0;
        _hasHigh = (columns & PostingColumns.High) != 0;
        TryAdd(a, b, offset);
    }

    /// <summary>The postings of one chunk.</summary>
    internal PackedPostings Chunk(int index)
    {
        if (index == _chunkCount - 1) _chunk->Count = OpenCount;
        return PostingChunk.All((PostingChunk*)_chunks[index]);
    }

    /// <summary>Returns the chunks. The buffer must not be used afterwards.</summary>
    internal void Discard(BulkMemory memory)
    {
        for (int i = 0; i < _chunkCount; i++) memory.Return((byte*)_chunks[i]);
        _chunkCount = 0;
        _next = _end = null;
    }

    /// <summary>Closes the open chunk. Returns the columns of a new chunk that this posting fits into.</summary>
    private PostingColumns NextColumns(ulong a, ulong b, long offset)
    {
        PostingColumns columns = _chunk->Columns;
        bool full = _next == _end;
        _chunk->Count = OpenCount;
        _countBefore += _chunk->Count;
        if (full) return Varying(PostingChunk.All(_chunk), columns);
        if (a != _a) columns |= PostingColumns.A;
        if (b != _b) columns |= PostingColumns.B;
        if (PostingChunk.HighOf(offset) != _high) columns |= PostingColumns.High;
        return columns;
    }

    /// <summary>The columns in which the postings of a chunk differ. Usually the first few postings decide.</summary>
    private static PostingColumns Varying(PackedPostings postings, PostingColumns columns)
    {
        PackedReader reader = postings.Read();
        Posting first = reader.Next();
        PostingColumns varying = PostingColumns.None;
        for (int i = 1; i < postings.Count && varying != columns; i++)
        {
            Posting posting = reader.Next();
            if (posting.A != first.A) varying |= PostingColumns.A;
            if (posting.B != first.B) varying |= PostingColumns.B;
            if (PostingChunk.HighOf(posting.Offset) != PostingChunk.HighOf(first.Offset))
                varying |= PostingColumns.High;
        }

        return varying;
    }
}

/// <summary>Contiguous postings outside the garbage-collected heap.</summary>
internal readonly unsafe struct PostingSpan(Posting* first, int count)
{
    /// <summary>The first posting.</summary>
    internal Posting* First { get; } = first;

    /// <summary>The number of postings.</summary>
    internal int Count { get; } = count;

    /// <summary>The address after the last posting.</summary>
    internal Posting* End => First + Count;

    /// <summary>The postings as a bounds-checked span.</summary>
    internal Span<Posting> Span => new(First, Count);
}
