using System.Runtime.InteropServices;

namespace Flume.Views.Store;

/// <summary>A place in a batch, to go back to when a record's rows must not stay.</summary>
public readonly record struct BatchMark(int Postings, int Rows, int Bytes);

/// <summary>The rows of some records on their way into a store; reused from commit to commit.</summary>
/// <remarks>
/// 1. Rows stay in the order they were added until the store takes them, so a mark stays valid until then.
/// 2. For one thread at a time.
/// </remarks>
public sealed class ViewBatch : RowSink
{
    private readonly List<IndexedPosting> _postings = [];
    private readonly List<PlainRow> _rows = [];
    private byte[] _bytes = new byte[256];
    private int _used;

    /// <summary>Where a key and its value lie in the batch's bytes; a value length of -1 removes the key.</summary>
    private readonly record struct PlainRow(int Start, int KeyLength, int ValueLength);

    /// <summary>Postings and rows added, repetitions included.</summary>
    public int Count => _postings.Count + _rows.Count;

    /// <summary>About how many bytes the batch holds, to bound it by.</summary>
    public long Bytes => (_postings.Count * 32L) + (_rows.Count * 12L) + _used;

    /// <inheritdoc/>
    public override void Post(byte index, ulong a, ulong b)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Offset);
        _postings.Add(new IndexedPosting(index, new Posting(a, b, Offset)));
    }

    /// <inheritdoc/>
    public override void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(key, value, value.Length);

    /// <inheritdoc/>
    public override void Remove(ReadOnlySpan<byte> key) => Add(key, default, -1);

    /// <summary>This place, for <see cref="RollbackTo"/>.</summary>
    public BatchMark Mark() => new(_postings.Count, _rows.Count, _used);

    /// <summary>Drops every row added since the mark; for a record whose <c>Apply</c> threw half way.</summary>
    public void RollbackTo(BatchMark mark)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Postings, _postings.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Rows, _rows.Count);
        CollectionsMarshal.SetCount(_postings, mark.Postings);
        CollectionsMarshal.SetCount(_rows, mark.Rows);
        _used = mark.Bytes;
    }

    /// <summary>Empties the batch and keeps its memory.</summary>
    public void Clear() => RollbackTo(default);

    /// <summary>The postings in order, each once; marks taken before are void.</summary>
    /// <exception cref="ArgumentException">An offset is not in (after, upTo].</exception>
    internal ReadOnlySpan<IndexedPosting> TakePostings(long after, long upTo)
    {
        Span<IndexedPosting> all = CollectionsMarshal.AsSpan(_postings);
        foreach (ref readonly IndexedPosting row in all)
        {
            if (row.Posting.Offset > after && row.Posting.Offset <= upTo) continue;
            throw new ArgumentException(
                $"A batch that takes the store from offset {after} to {upTo} holds a posting of offset "
                + $"{row.Posting.Offset} in index {row.Index}; a store takes each record once and in order.");
        }

        all.Sort();
        int kept = 0;
        for (int i = 0; i < all.Length; i++)
            if (i == 0 || all[i] != all[kept - 1]) all[kept++] = all[i];
        CollectionsMarshal.SetCount(_postings, kept);
        return all[..kept];
    }

    /// <summary>How many rows with keys of their own there are to visit.</summary>
    internal int RowCount => _rows.Count;

    /// <summary>The key and value of a row, in the order added; true when it removes the key.</summary>
    internal bool IsRemoval(int row, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        PlainRow at = _rows[row];
        key = _bytes.AsSpan(at.Start, at.KeyLength);
        value = _bytes.AsSpan(at.Start + at.KeyLength, Math.Max(0, at.ValueLength));
        return at.ValueLength < 0;
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, int valueLength)
    {
        int end = checked(_used + key.Length + value.Length);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        key.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + key.Length));
        _rows.Add(new PlainRow(_used, key.Length, valueLength));
        _used = end;
    }
}
