using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>One snapshot of a store on disk.</summary>
internal sealed class RocksViewReader : IViewReader
{
    private readonly RocksDatabase _db;
    private readonly RocksViewStore _store;
    private readonly RocksSnapshot _snapshot;
    private readonly StoreLease _lease;
    private bool _disposed;

    /// <summary>Takes ownership of the snapshot and of a lease that the caller joined.</summary>
    internal RocksViewReader(RocksDatabase db, RocksViewStore store, RocksSnapshot snapshot, StoreLease lease)
    {
        _db = db;
        _store = store;
        _snapshot = snapshot;
        _lease = lease;
        Checkpoint = store.ReadCheckpoint(snapshot);
    }

    /// <inheritdoc/>
    public Checkpoint Checkpoint { get; }

    /// <inheritdoc/>
    public PostingCursor Read(byte index, PostingRange range, bool reverse = false)
    {
        bool packed = Checkpoint.BasePostings > 0, live = Checkpoint.OverlayPostings > 0;
        if (!live) return NewBlocks(index, range, reverse);
        LiveCursor overlay = NewLive(index, range, reverse);
        return packed ? new MergedCursor(NewBlocks(index, range, reverse), overlay, reverse) : overlay;
    }

    /// <inheritdoc/>
    public long Count(byte index, PostingRange range)
    {
        long count = 0;
        if (Checkpoint.BasePostings > 0)
        {
            using BlockCursor blocks = NewBlocks(index, range, reverse: false);
            count += blocks.CountRest();
        }

        if (Checkpoint.OverlayPostings > 0)
        {
            using LiveCursor live = NewLive(index, range, reverse: false);
            while (live.MoveNext()) count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[]? found = _db.Get(RowKey.PlainKey(key), _snapshot, "reading a row");
        value = found ?? [];
        return found is not null;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(ReadOnlySpan<byte> prefix) => Rows(RowKey.PlainKey(prefix));

    /// <summary>The key pair that the rows were decoded with; null when the store's folder does not tell.</summary>
    internal string? DecodedWith => ViewStoreDirectory.ReaderOf(Path.GetDirectoryName(_store.Folder)!);

    /// <summary>Writes a copy of the whole current store into a folder that does not exist.</summary>
    internal void CopyTo(string folder)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _db.CopyTo(folder);
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] from, byte[] to, bool reverse = false)
    {
        byte[] low = RowKey.PlainKey(from), high = RowKey.PlainKey(to);
        using var rows = NewIterator();
        bool more = reverse ? rows.SeekBack(high) : rows.Seek(low);
        while (more && rows.Key.SequenceCompareTo(low) >= 0 && rows.Key.SequenceCompareTo(high) <= 0)
        {
            yield return new(rows.Key[1..].ToArray(), rows.Value.ToArray());
            more = reverse ? rows.Previous() : rows.Next();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _snapshot.Dispose();
        _lease.Leave();
    }

    private IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] prefix)
    {
        using var rows = NewIterator();
        for (bool more = rows.Seek(prefix); more && rows.Key.StartsWith(prefix); more = rows.Next())
            yield return new(rows.Key[1..].ToArray(), rows.Value.ToArray());
    }

    private BlockCursor NewBlocks(byte index, PostingRange range, bool reverse) =>
        new(NewIterator(), index, range, reverse);

    private LiveCursor NewLive(byte index, PostingRange range, bool reverse) =>
        new(NewIterator(), index, range, reverse);

    private RowIterator NewIterator()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new RowIterator(_snapshot, _lease, _store.Folder);
    }
}
