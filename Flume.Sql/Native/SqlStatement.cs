using SQLitePCL;
using static Flume.Sql.Native.NativeSqlite;

namespace Flume.Sql.Native;

/// <summary>A compiled statement of our own: its parameters and columns are known.</summary>
/// <remarks>
/// Texts are bound without a copy: they must stay in place until the statement was stepped and bound anew.
/// </remarks>
internal sealed unsafe class SqlStatement(SqlConnection connection, sqlite3_stmt statement, string sql) : IDisposable
{
    private readonly nint _handle = statement.DangerousGetHandle();

    /// <summary>Binds a whole number.</summary>
    internal SqlStatement Bind(int index, long value)
    {
        _ = sqlite3_bind_int64(_handle, index, value);
        return this;
    }

    /// <summary>Binds a whole number; 0 is NULL. For ids, which start at 1.</summary>
    internal void BindId(int index, long id)
    {
        _ = id == 0 ? sqlite3_bind_null(_handle, index) : sqlite3_bind_int64(_handle, index, id);
    }

    /// <summary>Binds a number; not a number is NULL.</summary>
    internal void Bind(int index, double value)
    {
        _ = double.IsNaN(value) ? sqlite3_bind_null(_handle, index) : sqlite3_bind_double(_handle, index, value);
    }

    /// <summary>Binds NULL.</summary>
    internal void BindNull(int index) => _ = sqlite3_bind_null(_handle, index);

    /// <summary>Binds UTF-8 that stays where it is; a negative length is NULL.</summary>
    internal void BindStatic(int index, byte* text, int bytes)
    {
        _ = bytes < 0
            ? sqlite3_bind_null(_handle, index)
            : sqlite3_bind_text(_handle, index, text, bytes, StaticLifetime);
    }

    /// <summary>Binds a copy of UTF-8.</summary>
    internal SqlStatement Bind(int index, ReadOnlySpan<byte> utf8)
    {
        _ = raw.sqlite3_bind_text(statement, index, utf8);
        return this;
    }

    /// <summary>Binds a copy of a text; null is NULL.</summary>
    internal SqlStatement Bind(int index, string? text)
    {
        _ = text is null ? raw.sqlite3_bind_null(statement, index) : raw.sqlite3_bind_text(statement, index, text);
        return this;
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    internal bool Step()
    {
        int rc = sqlite3_step(_handle);
        if (rc == raw.SQLITE_ROW) return true;
        if (rc == raw.SQLITE_DONE) return false;
        Exception failure = connection.Error(rc, sql);
        // A statement that failed keeps its parameters, and takes no others, until it is reset.
        _ = sqlite3_reset(_handle);
        throw failure;
    }

    /// <summary>Runs to the end and gets ready to be bound anew.</summary>
    internal void Run()
    {
        while (Step())
        {
        }

        _ = sqlite3_reset(_handle);
    }

    /// <summary>The first column of the first row; null without one. Gets ready to be bound anew.</summary>
    internal long? Single()
    {
        long? value = Step() && !IsNull(0) ? Number(0) : null;
        _ = sqlite3_reset(_handle);
        return value;
    }

    /// <summary>Gets ready to be bound anew.</summary>
    internal void Reset() => _ = sqlite3_reset(_handle);

    /// <summary>True when the column of the current row is NULL.</summary>
    internal bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>How many columns a row has.</summary>
    internal int Columns => raw.sqlite3_column_count(statement);

    /// <summary>A column of the current row as a whole number.</summary>
    internal long Number(int column) => sqlite3_column_int64(_handle, column);

    /// <summary>A column of the current row as text.</summary>
    internal string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>A column of the current row as UTF-8; valid until the next step.</summary>
    internal ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();
}
