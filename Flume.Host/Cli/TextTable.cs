using Spectre.Console;

namespace Flume.Host.Cli;

/// <summary>A table of text: fitted to a terminal's width, or aligned columns for pipes and files.</summary>
/// <remarks>A heading that begins with <c>&gt;</c> makes a column of numbers, aligned to the right.</remarks>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row with a cell for each heading.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    /// <summary>Prints the table.</summary>
    public void Print(Output output)
    {
        if (output.IsTerminal) PrintFitted(output);
        else PrintPlain(output);
    }

    private static bool IsNumeric(string heading) => heading.StartsWith('>');

    private void PrintFitted(Output output)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string heading in headings)
        {
            TableColumn column = new(Markup.Escape(heading.TrimStart('>')));
            table.AddColumn(IsNumeric(heading) ? column.RightAligned().NoWrap() : column);
        }

        foreach (string[] row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        output.Write(table);
    }

    private void PrintPlain(Output output)
    {
        int[] widths = [.. headings.Select((heading, i) =>
            rows.Select(row => row[i].Length).Append(heading.TrimStart('>').Length).Max())];
        output.Line(Plain([.. headings.Select(heading => heading.TrimStart('>'))], widths));
        foreach (string[] row in rows) output.Line(Plain(row, widths));
    }

    private string Plain(string[] cells, int[] widths) => string.Join("  ", cells.Select((cell, i) =>
        IsNumeric(headings[i]) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();
}
