using System.Text;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>
/// The output of a verb, as text or JSON: results go to standard output, everything else to standard error.
/// </summary>
/// <remarks>Spectre.Console loads only on a terminal: loading it takes longer than most verbs run.</remarks>
internal sealed class Output(bool json)
{
    private static readonly TextWriter Results = new LateWriter(
        () => new StreamWriter(StandardOutput.Open(), new UTF8Encoding(false)) { AutoFlush = true });

    /// <summary>True when results are printed as JSON.</summary>
    public bool IsJson { get; } = json;

    /// <summary>True when standard error is a terminal, so that progress is shown.</summary>
    public bool IsWatched { get; } = !json && !Console.IsErrorRedirected;

    /// <summary>True when results go to a terminal; tables fit its width.</summary>
    public bool IsTerminal { get; } = !json && !Console.IsOutputRedirected;

    /// <summary>
    /// Redirects the output of libraries, such as Akka's log, to standard error, so that standard output holds results
    /// only.
    /// </summary>
    public static TextWriter Claim()
    {
        Console.SetOut(new LateWriter(() => Console.Error));
        return Results;
    }

    /// <summary>Prints a line of text.</summary>
    public void Line(string text) => Results.WriteLine(text);

    /// <summary>Prints text without a line end.</summary>
    public void Raw(string text) => Results.Write(text);

    /// <summary>The terminal's width in characters.</summary>
    public int Width => Terminal().Profile.Width;

    /// <summary>Prints a table, fitted to the terminal.</summary>
    public void Write(Spectre.Console.Table table) =>
        Terminal().Write(table);

    private static Spectre.Console.IAnsiConsole Terminal() => Spectre.Console.AnsiConsole.Create(
        new Spectre.Console.AnsiConsoleSettings { Out = new Spectre.Console.AnsiConsoleOutput(Results) });

    /// <summary>Prints a note about the running work to standard error, so that it never mixes with results.</summary>
    public void Note(string text)
    {
        if (!IsJson) Console.Error.WriteLine(text);
    }

    /// <summary>Prints one JSON document on one line.</summary>
    public void Document(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Http.JsonText.Plain)) write(writer);
        bytes.WriteByte((byte)'\n');
        using Stream output = StandardOutput.Open();
        output.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Prints the reason why a verb failed.</summary>
    public void Error(VerbException ended)
    {
        if (!IsJson)
        {
            Console.Error.WriteLine($"flume: {ended.Message}");
            return;
        }

        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Http.JsonText.Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("error", ended.Message);
            writer.WriteNumber("exitCode", ended.ExitCode);
            writer.WriteEndObject();
        }

        Console.Error.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }
}
