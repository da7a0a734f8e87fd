using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>
/// A read-only connection to one file, on which a caller's statement can do nothing but read that file.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class ReadConnection : IDisposable
{
    /// <summary>SQLITE_DBCONFIG_DEFENSIVE.</summary>
    private const int Defensive = 1010;

    private static readonly (int Limit, int Value)[] Limits =
    [
        (raw.SQLITE_LIMIT_LENGTH, 16 << 20), (raw.SQLITE_LIMIT_SQL_LENGTH, 64 << 10), (raw.SQLITE_LIMIT_ATTACHED, 0),
        (raw.SQLITE_LIMIT_COMPOUND_SELECT, 50), (raw.SQLITE_LIMIT_EXPR_DEPTH, 100), (raw.SQLITE_LIMIT_COLUMN, 256),
        (raw.SQLITE_LIMIT_VDBE_OP, 250_000), (raw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
        (raw.SQLITE_LIMIT_WORKER_THREADS, 0),
    ];

    private readonly SqlStatement _begin;
    private readonly SqlStatement _checkpoint;
    private readonly SqlStatement _end;
    private readonly strdelegate_authorizer _authorizer;
    private bool _isCallers;

    internal ReadConnection(SqlViewStore store)
    {
        Connection = SqlConnection.OpenToRead(store.Path);
        try
        {
            // A change of temp_store drops what is temporary, so it comes before the views.
            Connection.Run("PRAGMA temp_store = FILE; PRAGMA cache_size = -8000");
            if (SqlOptions.Parse(store.Row.Options) is { Layout: SqlLayout.Bare } options)
            {
                new LogContents(store.Place).AddTo(Connection);
                Connection.Run(SqlSchema.TemporaryViews(options));
            }

            Connection.Run("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON");
            _begin = Connection.Prepare("BEGIN");
            _end = Connection.Prepare("COMMIT");
            _checkpoint = Connection.Prepare(
                "SELECT view_version, since, rows, skipped, repeated, options, own_feed "
                + "FROM main.flume_checkpoint WHERE id = 0");
            _ = raw.sqlite3_db_config(Connection.Handle, Defensive, 1, out _);
            foreach ((int limit, int value) in Limits) _ = raw.sqlite3_limit(Connection.Handle, limit, value);
            _authorizer = Authorize;
            _ = raw.sqlite3_set_authorizer(Connection.Handle, _authorizer, null);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    internal SqlConnection Connection { get; }

    /// <summary>What the authorizer refused of the caller's statement; null for nothing.</summary>
    internal string? Refused { get; private set; }

    /// <summary>Begins a snapshot; what its rows reflect.</summary>
    internal SqlCheckpoint Begin()
    {
        _begin.Run();
        if (!_checkpoint.Step())
            throw new Flume.Views.Store.StoreDamagedException(Connection.Path, "flume_checkpoint", "it has no row");
        SqlCheckpoint at = SqlCheckpoint.Of(_checkpoint);
        _checkpoint.Reset();
        return at;
    }

    /// <summary>Ends the snapshot.</summary>
    internal void End()
    {
        if (!Connection.IsIdle) _end.Run();
    }

    /// <summary>Compiles a caller's statement, which may read and nothing else.</summary>
    /// <returns>SQLite's result code, and what follows the statement in the text.</returns>
    internal int Prepare(string sql, out sqlite3_stmt statement, out string rest)
    {
        (_isCallers, Refused) = (true, null);
        try
        {
            return raw.sqlite3_prepare_v2(Connection.Handle, sql, out statement, out rest);
        }
        finally
        {
            _isCallers = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _begin.Dispose();
        _end.Dispose();
        _checkpoint.Dispose();
        Connection.Dispose();
    }

    private int Authorize(object user, int action, string? one, string? two, string? database, string? inner)
    {
        if (!_isCallers) return raw.SQLITE_OK;
        bool isAllowed = action switch
        {
            raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => true,
            raw.SQLITE_READ => !IsInner(one),
            raw.SQLITE_FUNCTION => !IsForbidden(two),
            _ => false,
        };
        if (isAllowed) return raw.SQLITE_OK;
        Refused ??= SqlActions.Describe(action, one, two);
        return raw.SQLITE_DENY;
    }

    /// <summary>Tables of SQLite itself that show settings or raw pages.</summary>
    private static bool IsInner(string? table) => table is not null
        && (table.StartsWith("pragma_", StringComparison.OrdinalIgnoreCase) || table is "sqlite_dbpage" or "dbstat");

    private static bool IsForbidden(string? function) => function?.ToLowerInvariant()
        is "load_extension" or "readfile" or "writefile" or "edit" or "fts3_tokenizer";
}
