using System.Diagnostics;
using Flume.Query.Json;
using Flume.Sql.Native;
using Flume.Views.Store;
using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>A caller's statement while it runs: gives row after row until its end or a limit.</summary>
/// <remarks>For one thread at a time. The time that its caller takes between rows counts for nothing.</remarks>
internal sealed class SqlQuery : IDisposable
{
    private const int OperationsBetweenChecks = 1000;

    private readonly SqlReader _reader;
    private readonly SqlLimits _limits;
    private readonly sqlite3_stmt _statement;
    private readonly delegate_progress _progress;
    private readonly CancellationToken _cancel;
    private readonly int _rowsMax;
    private TimeSpan _worked;
    private long _steppingSince;
    private long _bytes;
    private bool _isLate;

    private SqlQuery(
        SqlReader reader, sqlite3_stmt statement, (int Rows, SqlLimits Limits) may, CancellationToken cancel)
    {
        (_reader, _statement, _rowsMax, _limits, _cancel) = (reader, statement, may.Rows, may.Limits, cancel);
        int columns = raw.sqlite3_column_count(statement);
        Columns = new string[columns];
        for (int i = 0; i < columns; i++) Columns[i] = raw.sqlite3_column_name(statement, i).utf8_to_string();
        _progress = _ => IsOver() ? 1 : 0;
        raw.sqlite3_progress_handler(reader.Connection.Connection.Handle, OperationsBetweenChecks, _progress, null);
    }

    /// <summary>The names of the columns, in order; two may be equal.</summary>
    internal string[] Columns { get; }

    /// <summary>Rows given so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Why rows are left over; null while none are known to be.</summary>
    internal string? Truncated { get; private set; }

    /// <summary>Compiles a statement and binds its parameters.</summary>
    /// <exception cref="SqlQueryException">It can't be run, and why.</exception>
    internal static SqlQuery Start(SqlReader reader, SqlRequest request, SqlLimits limits, CancellationToken cancel)
    {
        int rows = request.Rows ?? limits.RowsDefault;
        if (rows < 0 || rows > limits.RowsMax)
            throw new SqlQueryException(
                SqlRefusal.Parameter, $"\"limit\" is {rows}; expected 0 to {limits.RowsMax} (flume.sql.rows-max).");
        ReadConnection connection = reader.Connection;
        int rc = connection.Prepare(request.Sql, out sqlite3_stmt statement, out string rest);
        try
        {
            if (rc != raw.SQLITE_OK) throw NotPrepared(connection, rc);
            if (statement is null || statement.IsInvalid)
                throw new SqlQueryException(SqlRefusal.Statement, "The text holds no SQL statement. Give one SELECT.");
            if (HasMore(rest))
                throw new SqlQueryException(
                    SqlRefusal.Forbidden, $"The text holds a second statement, \"{Short(rest)}\". Send one at a time.");
            if (raw.sqlite3_stmt_readonly(statement) == 0)
                throw new SqlQueryException(
                    SqlRefusal.Forbidden, "The statement writes. The rows are derived from the log: give a SELECT.");
            SqlParameters.Bind(statement, request.Parameters);
            return new SqlQuery(reader, statement, (rows, limits), cancel);
        }
        catch
        {
            statement?.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next row; false at the end, or when as many rows or bytes were given as may be.</summary>
    /// <exception cref="SqlQueryException">It failed, took too long, or needs too much memory.</exception>
    /// <exception cref="StoreDamagedException">The file is damaged.</exception>
    internal bool Step()
    {
        if (Truncated is not null) return false;
        _steppingSince = Stopwatch.GetTimestamp();
        int rc = raw.sqlite3_step(_statement);
        _worked += Stopwatch.GetElapsedTime(_steppingSince);
        if (rc == raw.SQLITE_DONE) return false;
        if (rc != raw.SQLITE_ROW) throw Failed(rc);
        if (Count == _rowsMax) Truncated = $"{_rowsMax} rows were given and there are more; raise \"limit\"";
        else if (_bytes >= _limits.AnswerBytesMax)
            Truncated = $"{_bytes} bytes were given and there are more rows; flume.sql.answer-bytes-max allows "
                + $"{_limits.AnswerBytesMax}";
        if (Truncated is not null) return false;
        Count++;
        return true;
    }

    /// <summary>The current row as an object; of columns with one name the last counts.</summary>
    internal JsValue Row()
    {
        var row = new JsObject();
        for (int i = 0; i < Columns.Length; i++) row.Set(Columns[i], Value(i));
        return JsValue.From(row);
    }

    /// <summary>A value of the current row: text, a number, null; of a blob its base64.</summary>
    internal JsValue Value(int column)
    {
        switch (raw.sqlite3_column_type(_statement, column))
        {
            case raw.SQLITE_INTEGER:
                _bytes += 8;
                return JsValue.From((double)raw.sqlite3_column_int64(_statement, column));
            case raw.SQLITE_FLOAT:
                _bytes += 8;
                double number = raw.sqlite3_column_double(_statement, column);
                return double.IsFinite(number) ? JsValue.From(number) : JsValue.Null;
            case raw.SQLITE_TEXT:
                string text = raw.sqlite3_column_text(_statement, column).utf8_to_string();
                _bytes += text.Length;
                return JsValue.From(text);
            case raw.SQLITE_BLOB:
                ReadOnlySpan<byte> blob = raw.sqlite3_column_blob(_statement, column);
                _bytes += blob.Length;
                return JsValue.From(Convert.ToBase64String(blob));
            default:
                return JsValue.Null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        raw.sqlite3_progress_handler(_reader.Connection.Connection.Handle, 0, (delegate_progress?)null, null);
        _statement.Dispose();
    }

    private bool IsOver()
    {
        _isLate = _worked + Stopwatch.GetElapsedTime(_steppingSince) > _limits.TimeMax;
        return _isLate || _cancel.IsCancellationRequested;
    }

    private Exception Failed(int rc)
    {
        SqlConnection connection = _reader.Connection.Connection;
        if ((rc & 0xff) == raw.SQLITE_INTERRUPT)
        {
            if (!_isLate) return new OperationCanceledException(_cancel);
            return new SqlQueryException(
                SqlRefusal.Time, $"The statement worked for {_limits.TimeMax.TotalMilliseconds:F0} ms and was stopped "
                + "(flume.sql.time-ms-max). Narrow it, or let an index help: docs/sql.md lists them.");
        }

        Exception cause = connection.Error(rc, "a caller's statement");
        if (cause is StoreDamagedException damage) _reader.ReportDamage(damage.Message);
        return cause switch
        {
            SqliteStatementException refused when (rc & 0xff) is raw.SQLITE_TOOBIG or raw.SQLITE_NOMEM =>
                TooLarge(refused.Said),
            SqliteStatementException refused => new SqlQueryException(SqlRefusal.Statement, $"{refused.Said}."),
            _ => cause,
        };
    }

    private static SqlQueryException TooLarge(string said) => new(
        SqlRefusal.Memory,
        $"The statement needs more memory than it may take: {said}. Ask for fewer or shorter values.");

    private static Exception NotPrepared(ReadConnection connection, int rc)
    {
        SqlConnection at = connection.Connection;
        if (connection.Refused is { } refused)
            return new SqlQueryException(
                SqlRefusal.Forbidden,
                $"The statement uses {refused}, which a reader may not. Give a SELECT over the view's tables.");
        Exception cause = at.Error(rc, "a caller's statement");
        if (cause is not SqliteStatementException statement) return cause;
        if ((rc & 0xff) is raw.SQLITE_TOOBIG or raw.SQLITE_NOMEM) return TooLarge(statement.Said);
        int offset = NativeSqlite.sqlite3_error_offset(at.Handle.DangerousGetHandle());
        string where = offset < 0 ? "" : $" (byte {offset} of the statement)";
        return new SqlQueryException(SqlRefusal.Statement, $"{statement.Said}{where}.");
    }

    private static bool HasMore(string rest)
    {
        foreach (char c in rest)
        {
            if (c != ';' && !char.IsWhiteSpace(c)) return !IsComment(rest);
        }

        return false;
    }

    private static bool IsComment(string rest)
    {
        string text = rest.TrimStart(';', ' ', '\t', '\r', '\n');
        return text.StartsWith("--", StringComparison.Ordinal) && !text.Contains('\n');
    }

    private static string Short(string text) => text.Trim().Length <= 40 ? text.Trim() : text.Trim()[..40] + "…";
}
