using System.Runtime.InteropServices;

namespace Flume.Views.Store;

/// <summary>A position in a batch. A rollback to it removes a record's rows.</summary>
public readonly record struct BatchMark(int Postings, int Rows, int Bytes);

/// <summary>The rows of some records before a commit. A batch is reused for later commits.</summary>
/// <remarks>
/// 1. The commit takes rows in the order of their addition. A mark is valid until the commit.
/// 2. Not thread-safe.
/// </remarks>
public sealed class ViewBatch : RowSink
{
    private readonly List<IndexedPosting> _postings = [];
    private readonly List<PlainRow> _rows = [];
    private byte[] _bytes = new byte[256];
    private int _used;

    /// <summary>
    /// The position of a key and its value in the batch's bytes. A value length of -1 removes the key.
    /// </summary>
    private readonly record struct PlainRow(int Start, int KeyLength, int ValueLength);

    /// <summary>The number of added postings and rows, duplicates included.</summary>
    public int Count => _postings.Count + _rows.Count;

    /// <summary>The approximate size of the batch in bytes. Callers use it as a limit.</summary>
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

    /// <summary>The current position, for <see cref="RollbackTo"/>.</summary>
    public BatchMark Mark() => new(_postings.Count, _rows.Count, _used);

    /// <summary>Removes every row added after the mark. Used for a record whose <c>Apply</c> threw.</summary>
    public void RollbackTo(BatchMark mark)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Postings, _postings.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Rows, _rows.Count);
        CollectionsMarshal.SetCount(_postings, mark.Postings);
        CollectionsMarshal.SetCount(_rows, mark.Rows);
        _used = mark.Bytes;
    }

    /// <summary>Clears the batch and keeps its memory.</summary>
    public void Clear() => RollbackTo(default);

    /// <summary>The distinct postings in order. Earlier marks become invalid.</summary>
    /// <exception cref="ArgumentException">An offset is not in (after, upTo].</exception>
    internal ReadOnlySpan<IndexedPosting> TakePostings(long after, long upTo)
    {
        Span<IndexedPosting> all = CollectionsMarshal.AsSpan(_postings);
        foreach (ref readonly IndexedPosting row in all)
        {
            if (row.Posting.Offset > after && row.Posting.Offset <= upTo) continue;
            throw new ArgumentException(
                $"A batch that moves the store from offset {after} to {upTo} contains a posting of offset "
                + $"{row.Posting.Offset} in index {row.Index}; a store accepts each record once and in order.");
        }

        all.Sort();
        int kept = 0;
        for (int i = 0; i < all.Length; i++)
            if (i == 0 || all[i] != all[kept - 1]) all[kept++] = all[i];
        CollectionsMarshal.SetCount(_postings, kept);
        return all[..kept];
    }

    /// <summary>The number of plain rows.</summary>
    internal int RowCount => _rows.Count;

    /// <summary>The key and value of a plain row, in order of addition. True if it removes the key.</summary>
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
