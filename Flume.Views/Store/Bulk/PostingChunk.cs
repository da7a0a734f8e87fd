using System.Runtime.CompilerServices;

namespace Flume.Views.Store.Bulk;

/// <summary>
/// The columns that the postings of a chunk have. All postings of the chunk share the other fields' values.
/// </summary>
[Flags]
internal enum PostingColumns
{
    /// <summary>Only the low half of the offset, which is always present.</summary>
    None = 0,

    /// <summary>A.</summary>
    A = 1,

    /// <summary>B.</summary>
    B = 2,

    /// <summary>The high half of the offset, in logs larger than 4 GiB.</summary>
    High = 4,

    /// <summary>Every column.</summary>
    All = A | B | High,
}

/// <summary>The header of a chunk of postings: the shared values and the layout of the entries after it.</summary>
/// <remarks>
/// An entry contains the offset's low half, then the present columns of high half, A and B. Most indexes need no A or
/// no B, and most logs are small. So a posting takes 12 or 20 bytes instead of 24, and the load touches fewer pages.
/// </remarks>
internal unsafe struct PostingChunk
{
    /// <summary>A of every posting, unless it is a column.</summary>
    internal ulong A;

    /// <summary>B of every posting, unless it is a column.</summary>
    internal ulong B;

    /// <summary>The high half of every offset, unshifted, unless it is a column.</summary>
    internal long High;

    /// <summary>The present columns.</summary>
    internal PostingColumns Columns;

    /// <summary>The number of postings in the chunk.</summary>
    internal int Count;

    /// <summary>Bytes of an entry.</summary>
    internal static int Stride(PostingColumns columns) => sizeof(uint)
        + ((columns & PostingColumns.High) != 0 ? sizeof(uint) : 0)
        + ((columns & PostingColumns.A) != 0 ? sizeof(ulong) : 0)
        + ((columns & PostingColumns.B) != 0 ? sizeof(ulong) : 0);

    /// <summary>The maximum number of entries in a chunk.</summary>
    internal static int Capacity(PostingColumns columns) =>
        (BulkMemory.ChunkBytes - sizeof(PostingChunk)) / Stride(columns);

    /// <summary>The high half of an offset, unshifted.</summary>
    internal static long HighOf(long offset) => offset & ~(long)uint.MaxValue;

    /// <summary>The entries of a chunk.</summary>
    internal static byte* Entries(PostingChunk* chunk) => (byte*)(chunk + 1);

    /// <summary>Writes a posting as an entry. Returns the address after it.</summary>
    internal static byte* Write(byte* to, in Posting posting, PostingColumns columns)
    {
        *(uint*)to = (uint)posting.Offset;
        to += sizeof(uint);
        if ((columns & PostingColumns.High) != 0)
        {
            *(uint*)to = (uint)(posting.Offset >> 32);
            to += sizeof(uint);
        }

        if ((columns & PostingColumns.A) != 0)
        {
            *(ulong*)to = posting.A;
            to += sizeof(ulong);
        }

        if ((columns & PostingColumns.B) != 0)
        {
            *(ulong*)to = posting.B;
            to += sizeof(ulong);
        }

        return to;
    }

    /// <summary>All postings of a chunk.</summary>
    internal static PackedPostings All(PostingChunk* chunk) => new(chunk, Entries(chunk), chunk->Count);
}

/// <summary>Contiguous postings of one chunk.</summary>
internal readonly unsafe struct PackedPostings(PostingChunk* chunk, byte* first, int count)
{
    /// <summary>The number of postings.</summary>
    internal int Count { get; } = count;

    /// <summary>The offset of one posting.</summary>
    internal long OffsetOf(int index)
    {
        byte* entry = first + ((long)index * PostingChunk.Stride(chunk->Columns));
        return (chunk->Columns & PostingColumns.High) != 0 ? *(long*)entry : chunk->High | *(uint*)entry;
    }

    /// <summary>A part of the postings.</summary>
    internal PackedPostings Slice(int start, int length) =>
        new(chunk, first + ((long)start * PostingChunk.Stride(chunk->Columns)), length);

    /// <summary>Creates a reader that starts at the first posting.</summary>
    internal PackedReader Read() => new(chunk, first);

    /// <summary>
    /// The address of one field of the first posting, and the distance to the next posting's field. A is field 0, B
    /// is 1.
    /// </summary>
    internal ulong* Field(int field, out int stride) => PackedReader.Field(chunk, first, field, out stride);

    /// <summary>Copies the postings. Returns the address after the last copy.</summary>
    internal Posting* CopyTo(Posting* into)
    {
        PackedReader reader = Read();
        for (Posting* end = into + Count; into < end; into++) *into = reader.Next();
        return into;
    }
}

/// <summary>Reads packed postings in order. A field without a column is read from the header each time.</summary>
internal unsafe struct PackedReader
{
    private readonly int _stride;
    private readonly int _strideA;
    private readonly int _strideB;
    private readonly bool _hasHigh;
    private readonly long _high;
    private byte* _offset;
    private ulong* _a;
    private ulong* _b;

    internal PackedReader(PostingChunk* chunk, byte* first)
    {
        _stride = PostingChunk.Stride(chunk->Columns);
        _hasHigh = (chunk->Columns & PostingColumns.High) != 0;
        _high = chunk->High;
        _offset = first;
        _a = Field(chunk, first, 0, out _strideA);
        _b = Field(chunk, first, 1, out _strideB);
    }

    /// <summary>The next posting. The caller counts the postings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Posting Next()
    {
        var posting = new Posting(*_a, *_b, _hasHigh ? *(long*)_offset : _high | *(uint*)_offset);
        _a = (ulong*)((byte*)_a + _strideA);
        _b = (ulong*)((byte*)_b + _strideB);
        _offset += _stride;
        return posting;
    }

    /// <summary>The address of a field of an entry, and the distance to the next entry's field.</summary>
    internal static ulong* Field(PostingChunk* chunk, byte* entry, int field, out int stride)
    {
        PostingColumns columns = chunk->Columns, wanted = field == 0 ? PostingColumns.A : PostingColumns.B;
        if ((columns & wanted) == 0)
        {
            stride = 0;
            return field == 0 ? &chunk->A : &chunk->B;
        }

        stride = PostingChunk.Stride(columns);
        PostingColumns before = field == 0 ? PostingColumns.High : PostingColumns.High | PostingColumns.A;
        return (ulong*)(entry + PostingChunk.Stride(columns & before));
    }
}
