using Flume.Views.Store;
using SQLitePCL;

namespace Flume.Sql.Native;

/// <summary>One open SQLite connection; used by one thread at a time.</summary>
internal sealed class SqlConnection : IDisposable
{
    private const int PersistWal = 10;

    static SqlConnection() => Batteries_V2.Init();

    private SqlConnection(sqlite3 handle, string path) => (Handle, Path) = (handle, path);

    /// <summary>The connection's handle.</summary>
    internal sqlite3 Handle { get; }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>True while no transaction is open.</summary>
    internal bool IsIdle => raw.sqlite3_get_autocommit(Handle) != 0;

    /// <summary>Rows that the last statement changed.</summary>
    internal int Changes => raw.sqlite3_changes(Handle);

    /// <summary>Opens a file for writing; makes it when it is missing.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static SqlConnection OpenToWrite(string path) =>
        Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    /// <summary>Opens a file for reading alone; it must exist.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static SqlConnection OpenToRead(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Sets how much heap SQLite may take in the whole process; beyond it statements fail.</summary>
    internal static void LimitHeap(long bytes) => raw.sqlite3_hard_heap_limit64(bytes);

    /// <summary>Runs statements that give no rows, or whose rows nobody needs.</summary>
    internal void Run(string sql)
    {
        string rest = sql;
        while (!string.IsNullOrWhiteSpace(rest))
        {
            int rc = raw.sqlite3_prepare_v2(Handle, rest, out sqlite3_stmt statement, out rest);
            using (statement)
            {
                Check(rc, sql);
                if (statement is null || statement.IsInvalid) continue;
                while ((rc = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                {
                }

                if (rc != raw.SQLITE_DONE) throw Error(rc, sql);
            }
        }
    }

    /// <summary>The first column of the first row as a whole number; null when there is no row or it is NULL.</summary>
    internal long? Number(string sql)
    {
        using SqlStatement statement = Prepare(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Number(0) : null;
    }

    /// <summary>The first column of the first row as text; null when there is no row or it is NULL.</summary>
    internal string? Text(string sql)
    {
        using SqlStatement statement = Prepare(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Text(0) : null;
    }

    /// <summary>Compiles one statement.</summary>
    internal SqlStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(Handle, sql, out sqlite3_stmt statement), sql);
        return new SqlStatement(this, statement, sql);
    }

    /// <summary>
    /// Keeps the files -wal and -shm after the last connection closed, for readers without write rights.
    /// </summary>
    internal unsafe void KeepWalFiles()
    {
        int on = 1;
        _ = NativeSqlite.sqlite3_file_control(Handle.DangerousGetHandle(), "main", PersistWal, &on);
    }

    /// <inheritdoc/>
    public void Dispose() => raw.sqlite3_close_v2(Handle);

    /// <summary>Throws what a result code means; OK means nothing.</summary>
    internal void Check(int rc, string doing)
    {
        if (rc != raw.SQLITE_OK) throw Error(rc, doing);
    }

    /// <summary>
    /// The error of a result code: damage of the file, a disk or lock that refuses, or a statement that is wrong.
    /// </summary>
    internal Exception Error(int rc, string doing)
    {
        string said = raw.sqlite3_errmsg(Handle).utf8_to_string();
        int primary = rc & 0xff;
        string text = $"SQLite could not run \"{Short(doing)}\" on {Path}: {said} (code {rc}).";
        return primary switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                new StoreDamagedException(Path, Short(doing), $"{said} (code {rc})"),
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN
                or raw.SQLITE_READONLY or raw.SQLITE_PERM => new IOException(text),
            _ => new SqliteStatementException(rc, said, text),
        };
    }

    private static string Short(string sql) => sql.Length <= 120 ? sql : sql[..117] + "...";

    private static SqlConnection Open(string path, int flags)
    {
        int rc = raw.sqlite3_open_v2(path, out sqlite3 handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new SqlConnection(handle, path);
        if (rc == raw.SQLITE_OK) return connection;
        Exception cause = connection.Error(rc, "open");
        connection.Dispose();
        throw cause;
    }
}

/// <summary>SQLite refused a statement of our own or of a caller; neither the file nor the disk is at fault.</summary>
internal sealed class SqliteStatementException(int code, string said, string text) : Exception(text)
{
    /// <summary>SQLite's result code.</summary>
    internal int Code { get; } = code;

    /// <summary>SQLite's own words.</summary>
    internal string Said { get; } = said;
}
