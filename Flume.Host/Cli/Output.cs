using System.Text;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>
/// Where a verb prints: text for people, or JSON for programs; results to standard output, all else to standard error.
/// </summary>
/// <remarks>Spectre.Console is touched on a terminal alone: loading it costs more than most verbs.</remarks>
internal sealed class Output(bool json)
{
    private static readonly TextWriter Results = new LateWriter(
        () => new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });

    /// <summary>True when results are printed as JSON.</summary>
    public bool IsJson { get; } = json;

    /// <summary>True when somebody watches standard error, so that progress is worth showing.</summary>
    public bool IsWatched { get; } = !json && !Console.IsErrorRedirected;

    /// <summary>True when results go to a terminal, whose width tables must fit.</summary>
    public bool IsTerminal { get; } = !json && !Console.IsOutputRedirected;

    /// <summary>
    /// Lets nothing but results reach standard output: what libraries print, such as Akka's log, goes to
    /// standard error.
    /// </summary>
    public static TextWriter Claim()
    {
        Console.SetOut(new LateWriter(() => Console.Error));
        return Results;
    }

    /// <summary>Prints a line of text.</summary>
    public void Line(string text) => Results.WriteLine(text);

    /// <summary>Prints text as it is.</summary>
    public void Raw(string text) => Results.Write(text);

    /// <summary>Characters in a line of the terminal.</summary>
    public int Width => Terminal().Profile.Width;

    /// <summary>Prints a table, fitted to the terminal.</summary>
    public void Write(Spectre.Console.Table table) =>
        Terminal().Write(table);

    private static Spectre.Console.IAnsiConsole Terminal() => Spectre.Console.AnsiConsole.Create(
        new Spectre.Console.AnsiConsoleSettings { Out = new Spectre.Console.AnsiConsoleOutput(Results) });

    /// <summary>Tells what happens on the way; standard error, so that it never mixes with results.</summary>
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
        using Stream output = Console.OpenStandardOutput();
        output.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Prints why a verb ended.</summary>
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
