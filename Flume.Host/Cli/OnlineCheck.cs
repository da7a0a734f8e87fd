using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>A check that a running server performs.</summary>
internal static class OnlineCheck
{
    /// <summary>Requests a check of the named views, or of all, and prints the results.</summary>
    public static async Task<int> RunAsync(
        Output output, CheckVerb.Request request, Uri address, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        string name = request.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {address}");
        string views = $"/v1/{Uri.EscapeDataString(name)}/views";
        IEnumerable<string> routes = request.Views.Length == 0
            ? [$"{views}/check"]
            : request.Views.Distinct().Select(view => $"{views}/{Uri.EscapeDataString(view)}/check");
        List<JsonElement> reports = [];
        foreach (string route in routes)
        {
            reports.AddRange(
                await OnlineWork.RunAsync(output, server, route + Query(request), cancel).ConfigureAwait(false));
        }

        if (reports.Count == 0 && !output.IsJson)
            output.Line($"Identity '{name}' keeps no view whose rows could be checked.");

        return CheckPrint.Print(output, reports);
    }

    private static string Query(CheckVerb.Request request)
    {
        if (request.Options.Sample is not { } sample) return "";
        string seed = request.Options.Seed is { } given ? $"&seed={Http.Text.Of(given)}" : "";
        return $"?sample={Http.Text.Of(sample)}{seed}";
    }
}
