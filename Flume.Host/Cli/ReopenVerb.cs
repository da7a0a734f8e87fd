using System.CommandLine;
using System.Net.Http;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume reopen</c>: makes a log that refuses appends try again at once, after a full disk for example.
/// </summary>
internal static class ReopenVerb
{
    public static Command Create()
    {
        Option<string?> identity = Where.Identity("Whose log; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        Command command = new(
            "reopen",
            "Make a log that refuses appends try again at once; by itself it tries after 1, 2, 4 … 60 seconds")
        {
            identity, http,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)), parsed.GetValue(identity),
            Where.Server(parsed.GetValue(http)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Output output, string? identity, Uri address, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        string name = identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {address}");
        using HttpResponseMessage response = await server.PostAsync(
            $"/v1/{Uri.EscapeDataString(name)}/log/reopen", [], cancel).ConfigureAwait(false);
        string answer = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        output.Line(output.IsJson ? answer.TrimEnd() : $"{name}: the log takes appends");
        return ExitCode.Ok;
    }
}
