using System.CommandLine;
using System.Globalization;
using System.Net.Http;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume views</c>: sends an operator's commands to a running server.</summary>
internal static class ViewsVerb
{
    private static readonly Argument<string> Command = new("COMMAND")
    {
        Description = "rebuild, cancel, pause, resume or budget",
    };

    private static readonly Argument<string[]> Names = new("VIEW")
    {
        Description = "The views that are meant; all when none is named", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<long?> From = new("--from")
    {
        Description = "rebuild: the first offset to derive again; earlier rows are kept", HelpName = "OFFSET",
    };

    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "pause: why, in your words; shown in status", HelpName = "TEXT",
    };

    private static readonly Option<DateTimeOffset?> Until = new("--until")
    {
        Description = "pause: when it ends by itself; never when left out", HelpName = "TIME",
    };

    private static readonly Option<double?> Share = new("--share")
    {
        Description = "budget: part of the time that indexing may run, more than 0 and at most 1", HelpName = "PART",
    };

    private static readonly Option<double?> Rate = new("--rate")
    {
        Description = "budget: records that indexing may apply in a second", HelpName = "N",
    };

    public static Command Create()
    {
        Option<string?> identity = Where.Identity("Whose views; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        Command.AcceptOnlyFromAmong("rebuild", "cancel", "pause", "resume", "budget");
        Command command = new("views",
            "Rebuild views of a running server beside their serving rows, or cancel, pause, resume or slow them")
        {
            Command, Names, identity, http, From, Reason, Until, Share, Rate,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)), parsed,
            (parsed.GetValue(identity), Where.Server(parsed.GetValue(http))), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, ParseResult parsed, (string? Identity, Uri Server) place, CancellationToken cancel)
    {
        string query = Query(parsed);
        string command = parsed.GetValue(Command)!;
        string[] typed = parsed.GetValue(Names) ?? [];
        using ServerClient server = new(place.Server);
        string identity = place.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {place.Server}");
        string root = $"/v1/{Uri.EscapeDataString(identity)}/views";
        List<JsonElement> outcomes = [];
        IEnumerable<string> named = typed.Distinct().Select(name => "/" + Uri.EscapeDataString(name));
        foreach (string view in typed.Length == 0 ? [""] : named)
            outcomes.AddRange(await PostAsync(server, $"{root}{view}/{command}{query}", cancel).ConfigureAwait(false));
        Print(output, outcomes);
        return ExitCode.Ok;
    }

    private static async Task<List<JsonElement>> PostAsync(ServerClient server, string route, CancellationToken cancel)
    {
        using HttpResponseMessage response = await server.PostAsync(route, [], cancel).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        return [.. JsonElement.Parse(body).GetProperty("views").EnumerateArray()];
    }

    private static void Print(Output output, List<JsonElement> outcomes)
    {
        if (!output.IsJson)
        {
            foreach (JsonElement view in outcomes)
                output.Line($"{view.GetProperty("name").GetString()} {view.GetProperty("text").GetString()}");
            return;
        }

        output.Document(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("views");
            foreach (JsonElement view in outcomes) view.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>
    /// Converts the options to query parameters; an option that the command does not use is a mistake.
    /// </summary>
    private static string Query(ParseResult parsed)
    {
        string command = parsed.GetValue(Command)!;
        List<string> parts = [];
        Add("rebuild", "from", parsed.GetValue(From)?.ToString(CultureInfo.InvariantCulture));
        Add("pause", "reason", parsed.GetValue(Reason));
        Add("pause", "until", parsed.GetValue(Until)?.ToString("O", CultureInfo.InvariantCulture));
        Add("budget", "share", parsed.GetValue(Share)?.ToString(CultureInfo.InvariantCulture));
        Add("budget", "rate", parsed.GetValue(Rate)?.ToString(CultureInfo.InvariantCulture));
        if (command == "budget" && parts.Count == 0)
            throw VerbException.Usage("Give the budget's --share, its --rate, or both.");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);

        void Add(string owner, string name, string? value)
        {
            if (value is null) return;
            if (command != owner)
                throw VerbException.Usage($"--{name} is for 'views {owner}'; '{command}' has no use for it.");
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}
