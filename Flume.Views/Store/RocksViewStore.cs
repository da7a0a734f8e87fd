using Flume.Log.Primitives;
using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>A RocksDB store in its own folder.</summary>
/// <remarks>
/// 1. Every commit is one write batch that contains the checkpoint. It uses RocksDB's write-ahead log without fsync.
///    So the process may end at any time. A power loss can lose the last commits, each with its checkpoint.
/// 2. Packed blocks come only from a bulk load into the empty store. Commits add live rows.
/// 3. The database closes after the owner and all readers and cursors have released it.
/// </remarks>
internal sealed class RocksViewStore : IViewStore
{
    private readonly RocksDatabase _db;
    private readonly RocksWriteBatch _writes = new();
    private readonly StoreLease _lease;
    private readonly string _view;
    private volatile Checkpoint _checkpoint;

    private RocksViewStore(RocksDatabase db, string folder, string view, StoreResources resources)
    {
        _db = db;
        _view = view;
        Folder = folder;
        Resources = resources;
        _lease = new StoreLease(Close);
        _checkpoint = ReadCheckpoint(null);
    }

    /// <summary>The folder of the store's files.</summary>
    internal string Folder { get; }

    /// <summary>The resources that the process's stores share.</summary>
    internal StoreResources Resources { get; }

    /// <summary>Called once after the database has closed.</summary>
    internal Action? Closed { get; set; }

    /// <inheritdoc/>
    public Checkpoint Checkpoint => _checkpoint;

    /// <inheritdoc/>
    public long SizeBytes
    {
        get
        {
            long bytes = 0;
            foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles())
            {
                file.Refresh();
                if (file.Exists) bytes += file.Length;
            }

            return bytes;
        }
    }

    /// <inheritdoc/>
    public StoreFigures Figures
    {
        get
        {
            if (!_lease.TryJoin()) return default;
            try
            {
                return new StoreFigures(
                    _db.Property("rocksdb.cur-size-all-mem-tables"u8)
                        + _db.Property("rocksdb.estimate-table-readers-mem"u8),
                    _db.Property("rocksdb.estimate-pending-compaction-bytes"u8));
            }
            finally
            {
                _lease.Leave();
            }
        }
    }

    /// <summary>Opens the store of a view, or creates an empty one.</summary>
    /// <exception cref="StoreDamagedException">Its rows are not readable, or belong to another view.</exception>
    /// <exception cref="IOException">Another process holds the store, or the file system fails.</exception>
    internal static RocksViewStore Open(string folder, string view, StoreResources resources)
    {
        OwnerFile.CreateFolder(folder);
        return Open(folder, view, resources, readOnly: false);
    }

    /// <summary>Opens a store for inspection. It takes no lock, and a commit fails.</summary>
    /// <inheritdoc cref="Open(string, string, StoreResources)"/>
    internal static RocksViewStore OpenReadOnly(string folder, string view, StoreResources resources) =>
        Open(folder, view, resources, readOnly: true);

    private static RocksViewStore Open(string folder, string view, StoreResources resources, bool readOnly)
    {
        using RocksOptions options = resources.DatabaseOptions();
        RocksDatabase db = RocksDatabase.OpenAt(folder, options, readOnly);
        try
        {
            return new RocksViewStore(db, folder, view, resources);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ViewBatch NewBatch() => new();

    /// <inheritdoc/>
    public void Commit(ViewBatch batch, Checkpoint next)
    {
        Checkpoint old = _checkpoint;
        old.RequireSuccessor(next, Folder);
        ReadOnlySpan<IndexedPosting> postings = batch.TakePostings(old.Since.Value, next.Since.Value);
        _writes.Clear();
        Span<byte> key = stackalloc byte[RowKey.PostingLength];
        foreach (ref readonly IndexedPosting row in postings)
        {
            RowKey.Write(key, RowKey.Live, row.Index, row.Posting);
            _writes.Put(key, default);
        }

        for (int i = 0; i < batch.RowCount; i++)
        {
            bool removal = batch.IsRemoval(i, out ReadOnlySpan<byte> plainKey, out ReadOnlySpan<byte> value);
            byte[] full = RowKey.PlainKey(plainKey);
            if (removal) _writes.Delete(full);
            else _writes.Put(full, value);
        }

        next = next with { BasePostings = old.BasePostings, OverlayPostings = old.OverlayPostings + postings.Length };
        _writes.Put(MetaRow.Key, MetaRow.Encode(_view, next));
        _db.Write(_writes);
        _checkpoint = next;
    }

    /// <inheritdoc/>
    public IViewReader OpenReader()
    {
        ObjectDisposedException.ThrowIf(!_lease.TryJoin(), this);
        RocksSnapshot snapshot = _db.CreateSnapshot();
        try
        {
            return new RocksViewReader(_db, this, snapshot, _lease);
        }
        catch
        {
            snapshot.Dispose();
            _lease.Leave();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Flush() => _db.Flush();

    /// <inheritdoc/>
    public void Dispose() => _lease.LeaveAsOwner();

    /// <summary>The value of the checkpoint row. A bulk load writes it into its last table.</summary>
    internal byte[] EncodeCheckpoint(Checkpoint checkpoint) => MetaRow.Encode(_view, checkpoint);

    /// <summary>
    /// Ingests complete tables into the empty store in one step. One of them contains the checkpoint.
    /// </summary>
    internal void TakeIn(string[] tables)
    {
        _db.Ingest(tables);
        _checkpoint = ReadCheckpoint(null);
    }

    /// <summary>The checkpoint row of a snapshot, or the current one.</summary>
    internal Checkpoint ReadCheckpoint(RocksSnapshot? snapshot) =>
        MetaRow.Decode(_db.Get(MetaRow.Key, snapshot, "reading the checkpoint"), _view, Folder);

    private void Close()
    {
        _writes.Dispose();
        _db.Dispose();
        Closed?.Invoke();
    }
}
