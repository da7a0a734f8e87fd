using System.Collections.Immutable;

namespace Flume.Views.Store;

/// <summary>A store in memory, for tests and for views without files.</summary>
/// <remarks>A commit replaces one immutable state. A reader keeps the state of its opening.</remarks>
public sealed class MemoryViewStore : IViewStore
{
    private volatile State _state = new(
        [], ImmutableSortedDictionary.Create<byte[], byte[]>(KeyOrder.Instance), Checkpoint.Empty, 0);

    /// <summary>The state that a commit replaces.</summary>
    private sealed record State(
        ImmutableSortedSet<IndexedPosting> Postings,
        ImmutableSortedDictionary<byte[], byte[]> Rows,
        Checkpoint Checkpoint,
        long RowBytes);

    /// <inheritdoc/>
    public Checkpoint Checkpoint => _state.Checkpoint;

    /// <inheritdoc/>
    public long SizeBytes => (_state.Postings.Count * 80L) + (_state.Rows.Count * 96L) + _state.RowBytes;

    /// <inheritdoc/>
    public ViewBatch NewBatch() => new();

    /// <inheritdoc/>
    public void Commit(ViewBatch batch, Checkpoint next)
    {
        State old = _state;
        old.Checkpoint.RequireSuccessor(next, "in memory");
        ImmutableSortedSet<IndexedPosting>.Builder postings = old.Postings.ToBuilder();
        foreach (IndexedPosting posting in batch.TakePostings(old.Checkpoint.Since.Value, next.Since.Value))
            postings.Add(posting);

        ImmutableSortedDictionary<byte[], byte[]>.Builder rows = old.Rows.ToBuilder();
        long bytes = old.RowBytes;
        for (int i = 0; i < batch.RowCount; i++)
        {
            bool removal = batch.IsRemoval(i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            byte[] ownKey = key.ToArray();
            if (rows.TryGetValue(ownKey, out byte[]? previous)) bytes -= ownKey.Length + previous.Length;
            rows.Remove(ownKey);
            if (removal) continue;
            rows.Add(ownKey, value.ToArray());
            bytes += ownKey.Length + value.Length;
        }

        Checkpoint checkpoint = next with { BasePostings = 0, OverlayPostings = postings.Count };
        _state = new State(postings.ToImmutable(), rows.ToImmutable(), checkpoint, bytes);
    }

    /// <inheritdoc/>
    public IViewReader OpenReader() => new Reader(_state);

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Compares keys by their bytes. A prefix sorts first.</summary>
    private sealed class KeyOrder : IComparer<byte[]>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    /// <summary>A reader of one state.</summary>
    private sealed class Reader(State state) : IViewReader
    {
        public Checkpoint Checkpoint => state.Checkpoint;

        public PostingCursor Read(byte index, PostingRange range, bool reverse = false) =>
            new Cursor(state.Postings, index, Ranks(index, range), reverse);

        public long Count(byte index, PostingRange range)
        {
            (int first, int end) = Ranks(index, range);
            return Math.Max(0, end - first);
        }

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
        {
            bool found = state.Rows.TryGetValue(key.ToArray(), out byte[]? own);
            value = found ? own!.ToArray() : [];
            return found;
        }

        public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(ReadOnlySpan<byte> prefix) => Rows(prefix.ToArray());

        public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] from, byte[] to, bool reverse = false)
        {
            IEnumerable<KeyValuePair<byte[], byte[]>> rows = state.Rows.Where(row =>
                row.Key.AsSpan().SequenceCompareTo(from) >= 0 && row.Key.AsSpan().SequenceCompareTo(to) <= 0);
            return (reverse ? rows.Reverse() : rows)
                .Select(row => new KeyValuePair<byte[], byte[]>(row.Key.ToArray(), row.Value.ToArray()));
        }

        public void Dispose()
        {
        }

        private IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] prefix)
        {
            foreach ((byte[] key, byte[] value) in state.Rows)
                if (key.AsSpan().StartsWith(prefix)) yield return new(key.ToArray(), value.ToArray());
        }

        private (int First, int End) Ranks(byte index, PostingRange range)
        {
            int first = state.Postings.IndexOf(new IndexedPosting(index, range.Low));
            int last = state.Postings.IndexOf(new IndexedPosting(index, range.High));
            return (first < 0 ? ~first : first, last < 0 ? ~last : last + 1);
        }
    }

    /// <summary>A cursor over ranks of the set from first (inclusive) to end (exclusive), or in reverse.</summary>
    private sealed class Cursor(
        ImmutableSortedSet<IndexedPosting> set, byte index, (int First, int End) ranks, bool reverse) : PostingCursor
    {
        private int _first = ranks.First;
        private int _end = ranks.End;

        public override bool MoveNext()
        {
            if (_first >= _end) return false;
            Current = set[reverse ? --_end : _first++].Posting;
            return true;
        }

        public override void SeekTo(ulong a, ulong b)
        {
            int rank = set.IndexOf(new IndexedPosting(index, SeekTarget(a, b, reverse)));
            if (reverse) _end = Math.Min(_end, rank < 0 ? ~rank : rank + 1);
            else _first = Math.Max(_first, rank < 0 ? ~rank : rank);
        }

        public override void Dispose()
        {
        }
    }
}
