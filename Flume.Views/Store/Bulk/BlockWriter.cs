namespace Flume.Views.Store.Bulk;

/// <summary>Splits the sorted postings of each index into blocks and writes each block as a row.</summary>
/// <remarks>Equal consecutive postings count once.</remarks>
internal sealed unsafe class BlockWriter(TableFile table)
{
    private readonly Posting[] _open = new Posting[PostingBlock.Size];
    private readonly byte[] _value = new byte[PostingBlock.LengthMax];
    private int _count;

    /// <summary>The number of distinct postings written, over all indexes.</summary>
    internal long Written { get; private set; }

    /// <summary>Writes a complete index from sorted memory. The memory's content changes.</summary>
    internal void WriteIndex(byte index, Span<Posting> sorted)
    {
        for (int at = 0; at < sorted.Length;)
        {
            int start = at;
            at += PostingBlock.TakeDistinct(sorted[at..], out int count);
            WriteBlock(index, sorted.Slice(start, count));
        }
    }

    /// <summary>Adds the next postings of an index that is merged during the write.</summary>
    internal void Add(byte index, Posting* from, Posting* to)
    {
        fixed (Posting* open = _open)
        {
            for (; from < to; from++)
            {
                if (_count > 0 && open[_count - 1] == *from) continue;
                if (_count == PostingBlock.Size) EndIndex(index);
                open[_count++] = *from;
            }
        }
    }

    /// <summary>Writes the incomplete last block of <see cref="Add"/>.</summary>
    internal void EndIndex(byte index)
    {
        if (_count > 0) WriteBlock(index, _open.AsSpan(0, _count));
        _count = 0;
    }

    private void WriteBlock(byte index, ReadOnlySpan<Posting> block)
    {
        Span<byte> key = stackalloc byte[RowKey.PostingLength];
        RowKey.Write(key, RowKey.Block, index, block[^1]);
        table.Put(key, _value.AsSpan(0, PostingBlock.Encode(block, _value)));
        Written += block.Length;
    }
}
