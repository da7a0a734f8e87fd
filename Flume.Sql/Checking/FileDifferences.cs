using System.Text;
using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Sql.Checking;

/// <summary>The rows that differ between two files of the SQL view, table by table in the order of ids.</summary>
internal sealed class FileDifferences(ViewCheckOptions options)
{
    private const int RestEvery = 16_384;
    private const int ShownMax = 80;

    private readonly List<RowDifference> _listed = [];
    private readonly Action<CancellationToken, int> _rest =
        new ViewBuild(null!, Flume.Views.Records.RecordFormat.Json) { Share = () => options.Share }.Rests();

    /// <summary>How many rows differ.</summary>
    internal long Count { get; private set; }

    /// <summary>Stored rows that were compared.</summary>
    internal long Rows { get; private set; }

    /// <summary>The first ones that differ.</summary>
    internal IReadOnlyList<RowDifference> Listed => _listed;

    /// <summary>Compares all rows of all tables, and the words of the full-text table.</summary>
    internal void Compare(SqlConnection meant, SqlConnection found, SqlOptions layout, CancellationToken cancel)
    {
        foreach (string table in SqlSchema.RowTables) Compare(table, (meant, found), cancel);
        if (layout.FullText) CompareWords((meant, found), cancel);
    }

    private void Compare(string table, (SqlConnection Meant, SqlConnection Found) files, CancellationToken cancel)
    {
        string sql = $"SELECT * FROM main.{table} ORDER BY 1";
        using SqlStatement meant = files.Meant.Prepare(sql), found = files.Found.Prepare(sql);
        bool hasMeant = meant.Step(), hasFound = found.Step();
        while (hasMeant || hasFound)
        {
            int order = !hasFound ? -1 : !hasMeant ? 1 : meant.Number(0).CompareTo(found.Number(0));
            if (order < 0) Add(RowFault.Missing, Text(table, meant), null);
            else if (order > 0) Add(RowFault.Extra, null, Text(table, found));
            else if (!Same(meant, found)) Add(RowFault.Changed, Text(table, meant), Text(table, found));
            if (order <= 0) hasMeant = meant.Step();
            if (order < 0) continue;
            CountRow(cancel);
            hasFound = found.Step();
        }
    }

    /// <summary>Both list words in the same order; what follows the first difference is not compared.</summary>
    private void CompareWords((SqlConnection Meant, SqlConnection Found) files, CancellationToken cancel)
    {
        const string list = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, texts, instance)";
        files.Meant.Run(list);
        files.Found.Run(list);
        const string sql = "SELECT doc, term, offset FROM temp.words";
        using SqlStatement meant = files.Meant.Prepare(sql), found = files.Found.Prepare(sql);
        while (true)
        {
            bool hasMeant = meant.Step(), hasFound = found.Step();
            if (!hasMeant && !hasFound) return;
            CountRow(cancel);
            if (hasMeant && hasFound && Same(meant, found)) continue;
            RowFault fault = !hasFound ? RowFault.Missing : !hasMeant ? RowFault.Extra : RowFault.Changed;
            Add(fault, hasMeant ? Text("texts", meant) : null, hasFound ? Text("texts", found) : null);
            return;
        }
    }

    private void CountRow(CancellationToken cancel)
    {
        if (++Rows % RestEvery != 0) return;
        cancel.ThrowIfCancellationRequested();
        _rest(cancel, RestEvery);
    }

    private void Add(RowFault fault, string? meant, string? found)
    {
        Count++;
        if (_listed.Count < options.ListedMax) _listed.Add(new RowDifference(fault, null, null, meant, found));
    }

    private static bool Same(SqlStatement meant, SqlStatement found)
    {
        if (meant.Columns != found.Columns) return false;
        for (int i = 0; i < meant.Columns; i++)
        {
            if (meant.IsNull(i) != found.IsNull(i) || !meant.Utf8(i).SequenceEqual(found.Utf8(i))) return false;
        }

        return true;
    }

    private static string Text(string table, SqlStatement row)
    {
        var text = new StringBuilder(table).Append(' ');
        for (int i = 0; i < row.Columns; i++)
        {
            string value = row.IsNull(i) ? "NULL" : row.Text(i);
            text.Append(i > 0 ? "|" : "").Append(value.Length <= ShownMax ? value : value[..ShownMax] + "…");
        }

        return text.ToString();
    }
}
