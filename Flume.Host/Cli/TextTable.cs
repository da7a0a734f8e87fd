using Spectre.Console;

namespace Flume.Host.Cli;

/// <summary>A text table: fitted to a terminal's width, or aligned columns for pipes and files.</summary>
/// <remarks>
/// A heading that starts with <c>&gt;</c> makes a right-aligned column of numbers. A <c>?</c> before that marks a
/// column that a narrow terminal omits, the last one first.
/// </remarks>
internal sealed class TextTable(params string[] headings)
{
    // Spectre adds this padding to every cell.
    private const int CellPadding = 3;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row with a cell for each heading.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(Output output)
    {
        if (output.IsTerminal) PrintFitted(output);
        else PrintPlain(output);
    }

    private static bool IsOptional(string heading) => heading.StartsWith('?');

    private static bool IsNumeric(string heading) => heading.TrimStart('?').StartsWith('>');

    private static string Text(string heading) => heading.TrimStart('?').TrimStart('>');

    private void PrintFitted(Output output)
    {
        List<int> columns = Fitting(output.Width);
        Table table = new() { Border = TableBorder.Simple };
        foreach (int i in columns)
        {
            TableColumn column = new(Markup.Escape(Text(headings[i])));
            table.AddColumn(IsNumeric(headings[i]) ? column.RightAligned().NoWrap() : column);
        }

        foreach (string[] row in _rows) table.AddRow([.. columns.Select(i => Markup.Escape(row[i]))]);
        output.Write(table);
    }

    /// <summary>Selects the columns that fit; mandatory columns are always shown.</summary>
    internal List<int> Fitting(int width)
    {
        int[] widths = Widths();
        List<int> columns = [.. Enumerable.Range(0, headings.Length)];
        while (columns.Sum(i => widths[i] + CellPadding) > width)
        {
            int last = columns.FindLastIndex(i => IsOptional(headings[i]));
            if (last < 0) break;
            columns.RemoveAt(last);
        }

        return columns;
    }

    private int[] Widths() => [.. headings.Select((heading, i) =>
        _rows.Select(row => row[i].Length).Append(Text(heading).Length).Max())];

    private void PrintPlain(Output output)
    {
        int[] widths = Widths();
        output.Line(Plain([.. headings.Select(Text)], widths));
        foreach (string[] row in _rows) output.Line(Plain(row, widths));
    }

    private string Plain(string[] cells, int[] widths) => string.Join("  ", cells.Select((cell, i) =>
        IsNumeric(headings[i]) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();
}
