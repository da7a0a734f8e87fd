using RocksDbSharp;

namespace Flume.Views.Store;

/// <summary>A store in a folder of its own, kept by RocksDB.</summary>
/// <remarks>
/// 1. Every commit is one write batch with the checkpoint in it, through RocksDB's log without fsync: the process may
/// die at any time; a power loss can take the last commits, whole ones, with their checkpoint. 2. Packed blocks come
/// from a bulk load into the empty store only; commits add live rows beside them. 3. The database closes when the owner
/// and the last reader and cursor have left.
/// </remarks>
internal sealed class RocksViewStore : IViewStore
{
    // Kept for good: RocksDB reads options during a call that holds nothing but their native handle.
    private static readonly WriteOptions WithoutSync = new WriteOptions().SetSync(false);
    private static readonly FlushOptions Waiting = new FlushOptions().SetWaitForFlush(true);
    private static readonly IngestExternalFileOptions Moving = new IngestExternalFileOptions().SetMoveFiles(true);

    private readonly RocksDb _db;
    private readonly WriteBatch _writes = new();
    private readonly StoreLease _lease;
    private readonly string _view;
    private volatile Checkpoint _checkpoint;

    private RocksViewStore(RocksDb db, string folder, string view, StoreResources resources)
    {
        _db = db;
        _view = view;
        Folder = folder;
        Resources = resources;
        _lease = new StoreLease(Close);
        _checkpoint = ReadCheckpoint(null);
    }

    /// <summary>The folder with the store's files.</summary>
    internal string Folder { get; }

    /// <summary>What the store shares with others.</summary>
    internal StoreResources Resources { get; }

    /// <summary>Called once when the database has closed.</summary>
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
                    Figure("rocksdb.cur-size-all-mem-tables") + Figure("rocksdb.estimate-table-readers-mem"),
                    Figure("rocksdb.estimate-pending-compaction-bytes"));
            }
            finally
            {
                _lease.Leave();
            }
        }
    }

    /// <summary>Opens the store of a view, or makes an empty one.</summary>
    /// <exception cref="StoreDamagedException">Its rows do not read, or they are another view's.</exception>
    /// <exception cref="IOException">It can't be opened: another process has it, or the disk refuses.</exception>
    internal static RocksViewStore Open(string folder, string view, StoreResources resources)
    {
        Directory.CreateDirectory(folder);
        return Open(folder, view, resources, options => RocksDb.Open(options, folder));
    }

    /// <summary>Opens a store to look at it: takes no lock, and a commit fails.</summary>
    /// <inheritdoc cref="Open(string, string, StoreResources)"/>
    internal static RocksViewStore OpenReadOnly(string folder, string view, StoreResources resources) =>
        Open(folder, view, resources, options => RocksDb.OpenReadOnly(options, folder, errorIfLogFileExists: false));

    private static RocksViewStore Open(
        string folder, string view, StoreResources resources, Func<DbOptions, RocksDb> open)
    {
        RocksDb? db = null;
        DbOptions options = resources.DatabaseOptions();
        try
        {
            db = open(options);
            return new RocksViewStore(db, folder, view, resources);
        }
        catch (RocksDbException error)
        {
            db?.Dispose();
            throw RocksFault.Translate(error, folder, "opening");
        }
        catch
        {
            db?.Dispose();
            throw;
        }
        finally
        {
            GC.KeepAlive(options);
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
            else _writes.Put(full.AsSpan(), value);
        }

        next = next with { BasePostings = old.BasePostings, OverlayPostings = old.OverlayPostings + postings.Length };
        _writes.Put(MetaRow.Key, MetaRow.Encode(_view, next));
        Try("writing", () => _db.Write(_writes, WithoutSync));
        _checkpoint = next;
    }

    /// <inheritdoc/>
    public IViewReader OpenReader()
    {
        ObjectDisposedException.ThrowIf(!_lease.TryJoin(), this);
        Snapshot snapshot = _db.CreateSnapshot();
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
    public void Flush() => Try("flushing", () => _db.Flush(Waiting));

    /// <inheritdoc/>
    public void Dispose() => _lease.LeaveAsOwner();

    /// <summary>The value of the checkpoint row that a bulk load writes into its last table.</summary>
    internal byte[] EncodeCheckpoint(Checkpoint checkpoint) => MetaRow.Encode(_view, checkpoint);

    /// <summary>Takes finished tables into the empty store, all at once; the checkpoint is in one of them.</summary>
    internal void TakeIn(string[] tables)
    {
        Try("taking tables in", () => _db.IngestExternalFiles(tables, Moving));
        _checkpoint = ReadCheckpoint(null);
    }

    /// <summary>The checkpoint row as the options' snapshot has it.</summary>
    internal Checkpoint ReadCheckpoint(ReadOptions? options) =>
        MetaRow.Decode(_db.Get(MetaRow.Key, null, options), _view, Folder);

    private void Try(string doing, Action write)
    {
        try
        {
            write();
        }
        catch (RocksDbException error)
        {
            throw RocksFault.Translate(error, Folder, doing);
        }
    }

    private long Figure(string property) => long.TryParse(_db.GetProperty(property), out long value) ? value : 0;

    private void Close()
    {
        _writes.Dispose();
        _db.Dispose();
        Closed?.Invoke();
    }
}
