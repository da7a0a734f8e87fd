using System.Text;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary>
/// The prompt of <c>flume sql</c>: statements that end with a semicolon, and commands that begin with a dot.
/// </summary>
/// <remarks>
/// Where standard input is no terminal it reads the same lines, without prompts, and stops at an error.
/// </remarks>
internal sealed class SqlPrompt(Output output, SqlSession session)
{
    private const string Help = """
        SELECT …;          runs a statement; it may go over several lines
        .tables            the tables and views
        .schema [NAME]     the statements that made them
        .help              this list
        .quit              the end, as Ctrl-D
        """;

    private readonly bool _isTerminal = !Console.IsInputRedirected;

    /// <summary>Reads and answers until the end of the input.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        LineEditor editor = new(_isTerminal);
        if (_isTerminal) output.Note("Statements end with a semicolon. .help lists the commands.");
        StringBuilder statement = new();
        while (!cancel.IsCancellationRequested)
        {
            string? line = editor.Read(statement.Length == 0 ? "sql> " : "...> ");
            if (line is null || line.Trim() is ".quit" or ".exit") break;
            if (statement.Length == 0 && line.TrimStart().StartsWith('.'))
                await TryAsync(Command(line.Trim()), cancel).ConfigureAwait(false);
            else
            {
                statement.Append(line).Append('\n');
                if (!line.TrimEnd().EndsWith(';')) continue;
                editor.Remember(statement.ToString().Trim().ReplaceLineEndings(" "));
                await TryAsync((statement.ToString(), JsValue.Undefined), cancel).ConfigureAwait(false);
                statement.Clear();
            }
        }

        if (statement.ToString().Trim().Length > 0)
            await TryAsync((statement.ToString(), JsValue.Undefined), cancel).ConfigureAwait(false);
        editor.Save();
        return ExitCode.Ok;
    }

    private (string Sql, JsValue Parameters)? Command(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case ".tables":
                return ("SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view')"
                    + " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'texts_%' ORDER BY 2", JsValue.Undefined);
            case ".schema":
                JsArray name = new JsArray().Add(words.Length > 1 ? JsValue.From(words[1]) : JsValue.Null);
                return ("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name = coalesce(?, tbl_name)",
                    JsValue.From(name));
            default:
                output.Line(
                    words[0] == ".help" ? Help : $"There is no command {words[0]}. .help lists those there are.");
                return null;
        }
    }

    private async Task TryAsync((string Sql, JsValue Parameters)? asked, CancellationToken cancel)
    {
        if (asked is not { } statement) return;
        try
        {
            var rows = await session.AskAsync(statement.Sql, statement.Parameters, cancel).ConfigureAwait(false);
            if (rows.Count > 0 && rows.All(row => row.IsObject && row.AsObject.Count == 1 && row["sql"].IsString))
                foreach (var row in rows) output.Line(row["sql"].AsString + ";");
            else SqlVerb.Print(output, rows);
        }
        catch (Exception error) when (_isTerminal && error is not OperationCanceledException)
        {
            output.Note(Failure.Of(error).Message);
        }
    }
}
