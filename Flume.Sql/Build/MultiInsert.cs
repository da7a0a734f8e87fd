using System.Text;
using Flume.Sql.Native;
using Flume.Sql.Rows;

namespace Flume.Sql.Build;

/// <summary>Inserts rows into one table, many by one statement, and what is left over one by one.</summary>
internal sealed class MultiInsert<TRow>(SqlConnection connection, string table, int columns, int atOnce = 32)
    : IDisposable
    where TRow : struct, IBoundRow
{
    private SqlStatement? _many;
    private SqlStatement? _one;

    /// <summary>Inserts all rows of a list, whose texts lie in <paramref name="block"/>.</summary>
    internal void Run(RowList<TRow> rows, RowBlock block)
    {
        int i = 0;
        for (; atOnce > 1 && rows.Count - i >= atOnce; i += atOnce)
        {
            SqlStatement many = _many ??= Prepare(atOnce);
            for (int row = 0; row < atOnce; row++) rows[i + row].BindTo(many, 1 + (row * columns), block, columns);
            many.Run();
        }

        for (; i < rows.Count; i++)
        {
            SqlStatement one = _one ??= Prepare(1);
            rows[i].BindTo(one, 1, block, columns);
            one.Run();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _many?.Dispose();
        _one?.Dispose();
    }

    private SqlStatement Prepare(int rows)
    {
        string row = "(" + string.Join(',', Enumerable.Repeat("?", columns)) + ")";
        var sql = new StringBuilder($"INSERT INTO {table} VALUES {row}");
        for (int i = 1; i < rows; i++) sql.Append(',').Append(row);
        return connection.Prepare(sql.ToString());
    }
}
