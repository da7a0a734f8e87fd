using System.CommandLine;
using Flume.Log;
using Flume.Tools.Generate;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume generate</c>: writes a log of validly signed messages; one seed always gives the same log.
/// </summary>
internal static class GenerateVerb
{
    public static Command Create()
    {
        Argument<string> file = new("OUT") { Description = "The log to write; it must not exist" };
        Option<int> messages = new("--messages")
        {
            Description = "How many messages", HelpName = "N", DefaultValueFactory = _ => 10_000,
        };
        Option<int> authors = new("--authors")
        {
            Description = "How many authors", HelpName = "M", DefaultValueFactory = _ => 100,
        };
        Option<ulong> seed = new("--seed")
        {
            Description = "Same seed, same bytes", HelpName = "S", DefaultValueFactory = _ => 1,
        };
        Option<bool> poison = new("--poison")
        {
            Description = "Also messages that stop views of the JavaScript stack permanently",
        };
        Option<bool> secret = new("--secret")
        {
            Description = "Also a file 'secret' next to the log: the keys of the most active author",
        };
        Option<int> width = new("--offset-bits")
        {
            Description = "Bits of an offset: 32 (up to 4 GiB), 48 or 53", HelpName = "BITS",
            DefaultValueFactory = _ => 32,
        };
        Command command = new(
            "generate", "Write a log of validly signed messages with a realistic mix, for tests and benchmarks")
        {
            file, messages, authors, seed, poison, secret, width,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)), parsed.GetValue(file)!, new GenerateOptions
            {
                Messages = parsed.GetValue(messages),
                Authors = parsed.GetValue(authors),
                Seed = parsed.GetValue(seed),
                Poison = parsed.GetValue(poison),
                WriteSecret = parsed.GetValue(secret),
                Width = Width(parsed.GetValue(width)),
            }, cancel));
        return command;
    }

    /// <summary>The frame width with this number of bits.</summary>
    /// <exception cref="VerbException">There is no such width.</exception>
    internal static OffsetWidth Width(int bits) => bits switch
    {
        32 => OffsetWidth.Bits32,
        48 => OffsetWidth.Bits48,
        53 => OffsetWidth.Bits53,
        _ => throw VerbException.Usage($"--offset-bits is {bits}. Expected 32, 48 or 53."),
    };

    private static async Task<int> RunAsync(
        Output output, string file, GenerateOptions options, CancellationToken cancel)
    {
        LogGenerator generator = new(TimeProvider.System);
        GenerateResult result = await Progress.RunAsync(output, bars =>
        {
            IProgress<Amount> bar = bars("generating");
            return Task.Run(() => generator.Generate(file, options, new Forward(bar), cancel), cancel);
        }).ConfigureAwait(false);
        if (output.IsJson) output.Document(json => Write(json, file, result));
        else
        {
            output.Line(
                $"{file}: {Units.Count(result.Records)} messages, {Units.Bytes(result.Bytes)} " +
                $"in {Units.Time(TimeSpan.FromSeconds(result.Seconds))}");
            if (result.SecretPath is not null) output.Line($"{result.SecretPath}: the keys of {result.Identity.Id}");
        }

        return ExitCode.Ok;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, string file, GenerateResult result)
    {
        json.WriteStartObject();
        json.WriteString("file", Path.GetFullPath(file));
        json.WriteNumber("records", result.Records);
        json.WriteNumber("bytes", result.Bytes);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteString("identity", result.Identity.Id);
        json.WriteString("secret", result.SecretPath);
        json.WriteEndObject();
    }

    private sealed class Forward(IProgress<Amount> bar) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value) => bar.Report(new Amount(value.Bytes, value.Records == 0
            ? value.Bytes
            : (long)((double)value.Bytes / value.Records * value.RecordsTotal)));
    }
}
