namespace Flume.Views.Store.Bulk;

/// <summary>Cuts the sorted postings of one index after the other into blocks and writes each as a row.</summary>
/// <remarks>Equal postings that follow each other count once.</remarks>
internal sealed unsafe class BlockWriter(TableFile table)
{
    private readonly Posting[] _open = new Posting[PostingBlock.Size];
    private readonly byte[] _value = new byte[PostingBlock.LengthMax];
    private int _count;

    /// <summary>Distinct postings written over all indexes.</summary>
    internal long Written { get; private set; }

    /// <summary>Writes a whole index that lies sorted in memory; what lies there changes.</summary>
    internal void WriteIndex(byte index, Span<Posting> sorted)
    {
        for (int at = 0; at < sorted.Length;)
        {
            int start = at;
            at += PostingBlock.TakeDistinct(sorted[at..], out int count);
            WriteBlock(index, sorted.Slice(start, count));
        }
    }

    /// <summary>Adds the next postings of an index that is merged as it is written.</summary>
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

    /// <summary>Writes what <see cref="Add"/> left open.</summary>
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
