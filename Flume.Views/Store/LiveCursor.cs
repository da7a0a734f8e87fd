using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>A cursor over the live rows of an index. Each row is one posting.</summary>
internal sealed class LiveCursor(RowIterator rows, byte index, PostingRange range, bool reverse) : PostingCursor
{
    private Posting _from = reverse ? range.High : range.Low;
    private bool _started;
    private bool _ended = range.IsEmpty;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_ended) return false;
        bool stands = _started ? (reverse ? rows.Previous() : rows.Next()) : SeekFrom();
        _started = true;
        if (stands && RowKey.Is(rows.Key, RowKey.Live, index))
        {
            Current = RowKey.ReadPosting(rows.Key);
            if (range.Contains(Current)) return true;
        }

        _ended = true;
        return false;
    }

    /// <inheritdoc/>
    public override void SeekTo(ulong a, ulong b)
    {
        Posting target = SeekTarget(a, b, reverse);
        Posting behind = _started ? Current : _from;
        if (reverse ? target >= behind : target <= behind) return;
        _from = target;
        _started = false;
    }

    /// <inheritdoc/>
    public override void Dispose() => rows.Dispose();

    private bool SeekFrom()
    {
        Span<byte> key = stackalloc byte[RowKey.PostingLength];
        RowKey.Write(key, RowKey.Live, index, _from);
        return reverse ? rows.SeekBack(key) : rows.Seek(key);
    }
}
