using System.CommandLine;
using System.Globalization;
using System.Net.Http;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume pause</c>, <c>resume</c>, <c>cancel</c> and <c>budget</c>: what an operator tells the views of a server.
/// </summary>
internal static class OperateVerbs
{
    /// <summary>The verbs.</summary>
    public static IEnumerable<Command> Create()
    {
        Option<string?> reason = new("--reason") { Description = "Why; status shows it", HelpName = "TEXT" };
        Option<string?> until = new("--until")
        {
            Description = "When the views resume by themselves, e.g. 2026-12-31T12:00:00Z", HelpName = "TIME",
        };
        Option<double?> share = new("--share")
        {
            Description = "The part of the time that indexing may take, above 0 and at most 1", HelpName = "PART",
        };
        Option<double?> rate = new("--rate")
        {
            Description = "Records that indexing may apply in a second", HelpName = "N",
        };
        yield return Verb("pause", "Stop views from following the log, also across restarts; their rows go on answering",
            [reason, until], parsed => Query(("reason", parsed.GetValue(reason)), ("until", parsed.GetValue(until))));
        yield return Verb("resume", "Let paused or faulted views follow the log again", [], _ => "");
        yield return Verb("cancel", "Cancel rebuilds; the old rows stay", [], _ => "");
        yield return Verb("budget", "Limit what indexing may take of the time, its pace, or both", [share, rate],
            parsed => Budget(parsed.GetValue(share), parsed.GetValue(rate)));
    }

    /// <summary>Gives a command to views of a server; all views when none is named.</summary>
    public static async Task<int> SendAsync(Output output, Order order, CancellationToken cancel)
    {
        using ServerClient server = new(order.Server);
        string name = order.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {order.Server}");
        string root = $"/v1/{Uri.EscapeDataString(name)}/views";
        string[] routes = order.Views.Length == 0
            ? [$"{root}/{order.Command}"]
            : [.. order.Views.Distinct().Select(view => $"{root}/{Uri.EscapeDataString(view)}/{order.Command}")];
        List<JsonElement> outcomes = [];
        foreach (string route in routes)
        {
            using HttpResponseMessage response = await server.PostAsync(
                route + order.Query, [], cancel).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            using JsonDocument outcome = await JsonDocument.ParseAsync(body, default, cancel).ConfigureAwait(false);
            outcomes.AddRange(outcome.RootElement.GetProperty("views").EnumerateArray().Select(view => view.Clone()));
        }

        Print(output, outcomes);
        return ExitCode.Ok;
    }

    private static Command Verb(
        string name, string description, IReadOnlyList<Option> options, Func<ParseResult, string> query)
    {
        Argument<string[]> views = new("VIEW")
        {
            Description = "The views; all when none is named", Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> identity = Where.Identity("Whose views; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server to tell ({Where.DefaultAddress})");
        Command command = new(name, description) { views, identity, http };
        foreach (Option option in options) command.Options.Add(option);
        command.SetAction((parsed, cancel) => SendAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            new Order(name, Where.Server(parsed.GetValue(http)), parsed.GetValue(identity), parsed.GetValue(views) ?? [])
            {
                Query = query(parsed),
            },
            cancel));
        return command;
    }

    private static string Budget(double? share, double? rate) => share is null && rate is null
        ? throw VerbException.Usage("Give the budget's --share, its --rate, or both.")
        : Query(
            ("share", share?.ToString(CultureInfo.InvariantCulture)), ("rate", rate?.ToString(CultureInfo.InvariantCulture)));

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        string query = "";
        foreach ((string name, string? value) in parameters)
            if (value is not null) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return query;
    }

    private static void Print(Output output, List<JsonElement> outcomes)
    {
        if (output.IsJson)
        {
            output.Document(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("views");
                foreach (JsonElement outcome in outcomes) outcome.WriteTo(json);
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        foreach (JsonElement outcome in outcomes)
            output.Line($"{outcome.GetProperty("name").GetString()} {outcome.GetProperty("text").GetString()}");
    }
}

/// <summary>A command for views of a server.</summary>
/// <param name="Command">Its name in addresses.</param>
/// <param name="Server">The server.</param>
/// <param name="Identity">Whose views; null for the only one there is.</param>
/// <param name="Views">Which views; none for all.</param>
internal sealed record Order(string Command, Uri Server, string? Identity, string[] Views)
{
    /// <summary>The command's parameters, with their question mark.</summary>
    public string Query { get; init; } = "";
}
