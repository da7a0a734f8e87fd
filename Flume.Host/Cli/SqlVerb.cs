using System.CommandLine;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume sql</c>: one statement over the SQL view, or a prompt for many.</summary>
internal static class SqlVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string?> statement = new("STATEMENT")
        {
            Description = "One SELECT; without it a prompt, or the statements of standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> parameters = new("--params")
        {
            Description = "Values of the statement's parameters: '[1,\"x\"]' or '{\"name\":1}'", HelpName = "JSON",
        };
        Option<int?> limit = new("--limit") { Description = "At most so many rows", HelpName = "N" };
        TargetOptions at = new(
            "Answer from this data directory, without a server", $"The server to ask ({Where.DefaultAddress})",
            "Whom to ask; may be left out when there is one identity only");
        Option<string?> config = new("--config")
        {
            Description = "With --data or --ssb: the configuration that the server has, for its flume.sql", HelpName = "FILE",
        };
        Command command = new("sql", "Ask the log in SQL: the tables are listed by .tables and in docs/sql.md")
        {
            statement, parameters, limit, config,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            Output output = new(parsed.GetValue(CommandLine.Json));
            SqlSession session = new(
                (at.Of(parsed), parsed.GetValue(config)), at.Identity(parsed), parsed.GetValue(limit));
            return RunAsync(output, session, (parsed.GetValue(statement), parsed.GetValue(parameters)), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, SqlSession session, (string? Statement, string? Parameters) typed, CancellationToken cancel)
    {
        await using (session.ConfigureAwait(false))
        {
            if (typed.Statement is { } one)
            {
                JsValue parameters = typed.Parameters is null ? JsValue.Undefined : CallVerb.Parse(typed.Parameters);
                Print(output, await session.AskAsync(one, parameters, cancel).ConfigureAwait(false));
                return ExitCode.Ok;
            }

            if (typed.Parameters is not null) throw VerbException.Usage("--params belongs to a STATEMENT; give one.");
            return await new SqlPrompt(output, session).RunAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Prints rows as a table, or as JSON lines with --json.</summary>
    internal static void Print(Output output, IReadOnlyList<JsValue> rows)
    {
        if (output.IsJson)
        {
            foreach (JsValue row in rows) output.Line(row.ToJson());
            return;
        }

        List<JsValue> shown = [.. rows];
        string? truncated = null;
        if (shown.Count > 0 && shown[^1]["$truncated"] is { IsUndefined: false } why)
        {
            truncated = why.IsString ? why.AsString : why.ToJson();
            shown.RemoveAt(shown.Count - 1);
        }

        if (shown.Count > 0) ResultTable.Print(output, shown);
        output.Note(truncated is null ? $"{shown.Count} rows" : $"{shown.Count} rows; {truncated}");
    }
}
