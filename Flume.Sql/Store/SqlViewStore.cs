using System.Collections.Concurrent;
using Flume.Sql.Asking;
using Flume.Sql.Build;
using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Sql.Store;

/// <summary>One file of the SQL view: its one writing connection, and connections of readers.</summary>
/// <remarks>
/// 1. Nothing is open before the first use, so a build can fill the file first. 2. One thread writes; any thread opens
/// readers. 3. Readers keep the files: they go, if they are to go, when the last reader has left.
/// </remarks>
internal sealed class SqlViewStore : IViewStore
{
    private const int IdleReadersMax = 2;

    private readonly Lock _opening = new();
    private readonly ConcurrentBag<ReadConnection> _idle = [];
    private readonly Holders _holders;
    private SqlConnection? _connection;
    private LiveWriter? _writer;
    private volatile SqlCheckpoint? _checkpoint;
    private long _dataVersion;

    internal SqlViewStore(string path, SqlOptions options, ViewStorePlace place)
    {
        (Path, Options, Place) = (path, options, place);
        _holders = new Holders(Close);
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    internal SqlOptions Options { get; }

    internal ViewStorePlace Place { get; }

    /// <summary>Runs when the store is closed and the last reader has left.</summary>
    internal Action? Closed { get; set; }

    /// <summary>Why the file must be set aside; null while it is whole, as far as was seen.</summary>
    internal string? Damage { get; private set; }

    /// <summary>The file's checkpoint row, as committed last.</summary>
    internal SqlCheckpoint Row => _checkpoint ?? Open();

    /// <inheritdoc/>
    public Checkpoint Checkpoint => Row.ToEngine();

    /// <inheritdoc/>
    public long SizeBytes => Length("") + Length("-wal");

    /// <summary>Bytes of the write-ahead log: readers of other programs can keep it from shrinking.</summary>
    internal long WalBytes => Length("-wal");

    /// <summary>A file that exists while the store is open: one that is found at the start was not closed.</summary>
    internal string OpenMark => Path + "-open";

    /// <inheritdoc/>
    public ViewBatch NewBatch() => new();

    /// <summary>Adds the rows of one record to the step that the next commit ends.</summary>
    internal void Apply(DecodedRecord record) => Guarded(() => _writer!.Apply(record));

    /// <summary>Drops what was applied since the last commit.</summary>
    internal void Rollback() => Guarded(() => _writer!.Rollback());

    /// <inheritdoc/>
    public void Commit(ViewBatch batch, Checkpoint next)
    {
        if (batch.Count > 0)
            throw new ArgumentException(
                $"Store {Path} takes messages; a batch of {batch.Count} rows has no place in it.");
        if (next.Since < Row.Since)
            throw new ArgumentException($"Store {Path} reflects offset {Row.Since} and can't go back to {next.Since}.");
        Guarded(() => Commit(next));
    }

    /// <inheritdoc/>
    public IViewReader OpenReader()
    {
        _ = Row;
        ObjectDisposedException.ThrowIf(!_holders.TryJoin(), this);
        try
        {
            if (!_idle.TryTake(out ReadConnection? connection)) connection = new ReadConnection(this);
            return new SqlReader(this, connection);
        }
        catch
        {
            _holders.Leave();
            throw;
        }
    }

    /// <summary>Takes a connection back from its reader, which leaves.</summary>
    internal void Return(ReadConnection connection, bool isUsable)
    {
        if (isUsable && _idle.Count < IdleReadersMax) _idle.Add(connection);
        else connection.Dispose();
        _holders.Leave();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Guarded(() => _connection!.Run("PRAGMA wal_checkpoint(PASSIVE)"));
        if (WalBytes > SqlFile.WalBytesMax) Guarded(() => _connection!.Run("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    /// <summary>Moves every page into the file itself; for a copy of it.</summary>
    internal void Empty() => Guarded(() => _connection!.Run("PRAGMA wal_checkpoint(TRUNCATE)"));

    /// <summary>Says that the file is damaged: it is set aside when it is closed.</summary>
    internal void ReportDamage(string what) => Damage ??= what;

    /// <summary>Removes the file and those beside it.</summary>
    internal static void Delete(string path)
    {
        foreach (string suffix in Suffixes) File.Delete(path + suffix);
    }

    /// <summary>The file, and what SQLite and this keep beside it.</summary>
    internal static readonly string[] Suffixes = ["", "-wal", "-shm", "-journal", "-open"];

    /// <summary>True when the file was not closed in order the last time.</summary>
    internal bool WasLeftOpen => File.Exists(OpenMark);

    /// <summary>Runs SQLite's own check of the file's structure; null when it finds nothing.</summary>
    internal string? QuickCheck()
    {
        _ = Row;
        string? said = _connection!.Text("PRAGMA quick_check(1)");
        return said == "ok" ? null : said;
    }

    /// <summary>The first number that a statement of our own gives, through the writing connection.</summary>
    internal long? Number(string sql)
    {
        _ = Row;
        return _connection!.Number(sql);
    }

    /// <summary>The first text that a statement of our own gives, through the writing connection.</summary>
    internal string? Text(string sql)
    {
        _ = Row;
        return _connection!.Text(sql);
    }

    /// <inheritdoc/>
    public void Dispose() => _holders.LeaveAsOwner();

    private void Commit(Checkpoint next)
    {
        RequireOwnWrites();
        _checkpoint = _writer!.Commit(
            _checkpoint! with { Version = next.Version, Since = next.Since, Skipped = next.Skipped });
    }

    /// <summary>The file has one writer. Rows that another program changed are no fold of the log.</summary>
    private void RequireOwnWrites()
    {
        long version = _connection!.Number("PRAGMA data_version") ?? 0;
        if (_dataVersion != 0 && version != _dataVersion)
            throw new StoreDamagedException(Path, "PRAGMA data_version", "another program wrote to the file");
        _dataVersion = version;
    }

    private SqlCheckpoint Open()
    {
        lock (_opening)
        {
            if (_checkpoint is { } open) return open;
            try
            {
                _connection = SqlConnection.OpenToWrite(Path);
                SqlFile.PrepareLive(_connection);
                bool isNew = _connection.Number("SELECT count(*) FROM sqlite_schema") == 0;
                if (isNew) Create(_connection);
                SqlCheckpoint found = SqlCheckpoint.Read(_connection);
                SqlFile.Restrict(Path);
                if (!File.Exists(OpenMark)) File.WriteAllBytes(OpenMark, []);
                if (found.Options == Options.Code) _writer = new LiveWriter(_connection, Options, found);
                return _checkpoint = found;
            }
            catch (Exception cause)
            {
                if (cause is StoreDamagedException) ReportDamage(cause.Message);
                _connection?.Dispose();
                _connection = null;
                throw;
            }
        }
    }

    private void Create(SqlConnection connection)
    {
        string own = Place.Feed ?? "";
        connection.Run("BEGIN IMMEDIATE");
        SqlFile.CreateTables(connection, Options);
        foreach (string index in SqlSchema.Indexes) connection.Run(index);
        connection.Run(SqlSchema.Views(Options));
        if (own.Length > 0)
        {
            using SqlStatement me = connection.Prepare("INSERT INTO authors VALUES (1, ?, 1)");
            me.Bind(1, own).Run();
        }

        SqlCheckpoint.Empty(Options, own).Write(connection);
        connection.Run("COMMIT");
    }

    private void Guarded(Action work)
    {
        _ = Row;
        if (Damage is { } known) throw new StoreDamagedException(Path, "an earlier read or write", known);
        try
        {
            work();
        }
        catch (StoreDamagedException cause)
        {
            ReportDamage(cause.Message);
            throw;
        }
        catch (Exception)
        {
            TryRollback();
            throw;
        }
    }

    private void TryRollback()
    {
        try
        {
            _writer?.Rollback();
        }
        catch (Exception cause) when (cause is IOException or SqliteStatementException or StoreDamagedException)
        {
            // The first error is the one to report; closing the connection rolls back.
        }
    }

    private void Close()
    {
        while (_idle.TryTake(out ReadConnection? reader)) reader.Dispose();
        bool wasOpen = _connection is not null;
        _writer?.Dispose();
        _connection?.Dispose();
        _connection = null;
        if (wasOpen && Damage is null) File.Delete(OpenMark);
        Closed?.Invoke();
    }

    private long Length(string suffix)
    {
        var file = new FileInfo(Path + suffix);
        return file.Exists ? file.Length : 0;
    }
}
