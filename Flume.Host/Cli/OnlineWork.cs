using System.Net.Http;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>Follows a long operation of a server: progress lines go to bars, all other lines are the result.</summary>
internal static class OnlineWork
{
    /// <summary>Posts to <paramref name="route"/> and reads to the end; returns the result's lines.</summary>
    /// <exception cref="VerbException">The server refused, or the operation failed.</exception>
    public static Task<List<JsonElement>> RunAsync(
        Output output, ServerClient server, string route, CancellationToken cancel) =>
        Progress.RunAsync(output, async bars =>
        {
            using HttpResponseMessage response = await server.PostAsync(route, [], cancel).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            using StreamReader lines = new(body);
            Dictionary<string, IProgress<Amount>> shown = [];
            List<JsonElement> outcome = [];
            while (await lines.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
            {
                JsonElement item = JsonElement.Parse(line);
                if (item.TryGetProperty("$error", out JsonElement error)) throw Failed(error);
                if (item.TryGetProperty("progress", out JsonElement at)) Show(at, shown, bars);
                else outcome.Add(item);
            }

            return outcome;
        });

    private static VerbException Failed(JsonElement problem) => new(
        ExitCode.Failed, problem.GetProperty("detail").GetString() ?? problem.GetRawText());

    private static void Show(
        JsonElement at, Dictionary<string, IProgress<Amount>> shown, Func<string, IProgress<Amount>> bars)
    {
        string what = at.GetProperty("what").GetString()!;
        if (!shown.TryGetValue(what, out IProgress<Amount>? bar)) shown[what] = bar = bars(what);
        bar.Report(new Amount(at.GetProperty("done").GetInt64(), at.GetProperty("total").GetInt64()));
    }
}
