using System.Buffers;
using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>A cursor over the packed blocks of an index.</summary>
/// <remarks>
/// 1. A block's key is its last posting. So one forward seek finds the only block that can contain the first wanted
///    posting.
/// 2. Loading cuts the decoded block to the range, so moves inside the block need no comparison.
/// </remarks>
internal sealed class BlockCursor(RowIterator rows, byte index, PostingRange range, bool reverse) : PostingCursor
{
    private Posting[] _block = ArrayPool<Posting>.Shared.Rent(PostingBlock.Size);
    private Posting _from = reverse ? range.High : range.Low;
    private int _next;
    private int _end;
    private bool _placed;
    private bool _started;
    private bool _ended = range.IsEmpty;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        while (_next == _end)
            if (_ended || !LoadNext()) return false;
        Current = _block[reverse ? --_end : _next++];
        _started = true;
        return true;
    }

    /// <inheritdoc/>
    public override void SeekTo(ulong a, ulong b)
    {
        Posting target = SeekTarget(a, b, reverse);
        if (_next < _end)
        {
            if (reverse) _end = _next + FirstAbove(_block.AsSpan(_next, _end - _next), target);
            else _next += FirstNotBelow(_block.AsSpan(_next, _end - _next), target);
            if (_next < _end) return;
        }

        Posting behind = _started ? Current : _from;
        if (_ended || (reverse ? target >= behind : target <= behind)) return;
        _from = target;
        _started = false;
        _placed = false;
    }

    /// <summary>
    /// The number of remaining postings. Blocks that lie completely inside the range are counted without decoding.
    /// </summary>
    internal long CountRest()
    {
        long count = _end - _next;
        _next = _end;
        while (!_ended && Place())
        {
            Posting last = RowKey.ReadPosting(rows.Key);
            if (!PostingBlock.TryReadHead(rows.Value, out BlockHead head)) throw Damaged("invalid block header");
            if (head.First >= _from && last <= range.High)
            {
                count += head.Count;
                continue;
            }

            Load(last);
            count += _end - _next;
            _next = _end;
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        rows.Dispose();
        if (_block.Length == 0) return;
        ArrayPool<Posting>.Shared.Return(_block);
        _block = [];
        _next = _end = 0;
        _ended = true;
    }

    private bool LoadNext()
    {
        if (!Place()) return false;
        Load(RowKey.ReadPosting(rows.Key));
        return true;
    }

    /// <summary>Moves to the next row that can contain postings of the range. False at the end.</summary>
    private bool Place()
    {
        bool stands = _placed ? (reverse ? rows.Previous() : rows.Next()) : SeekFrom();
        _placed = true;
        _ended = !(stands && RowKey.Is(rows.Key, RowKey.Block, index));
        return !_ended;
    }

    private bool SeekFrom()
    {
        Span<byte> key = stackalloc byte[RowKey.PostingLength];
        RowKey.Write(key, RowKey.Block, index, _from);
        bool stands = rows.Seek(key);
        if (!reverse || (stands && RowKey.Is(rows.Key, RowKey.Block, index))) return stands;
        return rows.SeekBack(key);
    }

    private void Load(Posting last)
    {
        int count = PostingBlock.Decode(rows.Value, last, _block, out string fault);
        if (count == 0) throw Damaged(fault);
        ReadOnlySpan<Posting> block = _block.AsSpan(0, count);
        Posting low = reverse ? range.Low : _from, high = reverse ? _from : range.High;
        _next = block[0] >= low ? 0 : FirstNotBelow(block, low);
        _end = last <= high ? count : FirstAbove(block, high);
        if (_next > _end) _next = _end;
        if (reverse ? block[0] <= low : last >= high) _ended = true;
    }

    private StoreDamagedException Damaged(string fault) => new(
        rows.Store, $"index {index}, block {Convert.ToHexString(rows.Key)}", fault);

    private static int FirstNotBelow(ReadOnlySpan<Posting> block, Posting bound)
    {
        int low = 0, high = block.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (block[middle] < bound) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static int FirstAbove(ReadOnlySpan<Posting> block, Posting bound)
    {
        int low = 0, high = block.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (block[middle] <= bound) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
