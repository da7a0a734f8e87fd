using System.Net.Http;
using System.Text.Json;
using Flume.Host.Http;

namespace Flume.Host.Cli;

/// <summary>A server's problem document in the words of the command line.</summary>
internal static class ServerProblem
{
    private const string Address = "/problems/";

    // Remedies that differ from those of HTTP; an empty one says nothing that the detail does not say.
    private static readonly Dictionary<string, string> Remedies = new(StringComparer.Ordinal)
    {
        [ProblemTypes.NoSuchRoute.Name] = "The server is of another version: compare 'flume version' on both sides.",
        [ProblemTypes.WrongMethod.Name] = "The server is of another version: compare 'flume version' on both sides.",
        [ProblemTypes.NoSuchIdentity.Name] = "'flume status' lists them; 'flume create NAME' makes one.",
        [ProblemTypes.NoSuchView.Name] = "",
        [ProblemTypes.NoSuchMethod.Name] = "'flume call help' lists the methods.",
        [ProblemTypes.BadParameter.Name] = "",
        [ProblemTypes.BadQuery.Name] = "",
        [ProblemTypes.BadBody.Name] = "",
        [ProblemTypes.QueryForbidden.Name] = "",
        [ProblemTypes.BeyondHead.Name] = "'flume status' shows the head.",
        [ProblemTypes.WrongHost.Name] =
            "Use its numeric address, or list the name in flume.http.host-names of its configuration.",
        [ProblemTypes.TokenNeeded.Name] =
            "Set the variable FLUME_TOKEN to a token of the server, which its operator has: FLUME_TOKEN=… flume VERB.",
        [ProblemTypes.ScopeMissing.Name] = "Set the variable FLUME_TOKEN to a token with that scope.",
        [ProblemTypes.CallFailed.Name] = "",
        [ProblemTypes.CommandRefused.Name] = "",
        [ProblemTypes.ViewRefused.Name] = "",
        [ProblemTypes.IdentityRefused.Name] = "",
        [ProblemTypes.HeadMoved.Name] = "",
        [ProblemTypes.BackupFailed.Name] = "An earlier backup in that folder is as it was.",
        [ProblemTypes.TooManyReads.Name] = "Try again later.",
        [ProblemTypes.ReadDeadline.Name] = "'flume status' shows how far the view is. Try again later.",
        [ProblemTypes.ViewStanding.Name] = "'flume views resume VIEW' lets it go on.",
        [ProblemTypes.LogReadOnly.Name] = "'flume status' says why; 'flume reopen' makes the log try again.",
        [ProblemTypes.AppendUnknown.Name] =
            "'flume tail --from OFFSET --once' shows the end of the log: look before you try again.",
        [ProblemTypes.NotReady.Name] = "Try again.",
        [ProblemTypes.Unexpected.Name] = "Report it, with the lines that the server wrote to its error output.",
    };

    // What such a problem expects is a header or a list of addresses.
    private static readonly string[] WithoutExpected = [ProblemTypes.TokenNeeded.Name, ProblemTypes.NoSuchRoute.Name];

    // Names on the command line that the server does not know.
    private static readonly string[] Names =
        [ProblemTypes.NoSuchIdentity.Name, ProblemTypes.NoSuchView.Name, ProblemTypes.NoSuchMethod.Name];

    /// <summary>The error of a refused request.</summary>
    public static async Task<VerbException> OfAsync(HttpResponseMessage response, Uri server, CancellationToken cancel)
    {
        string body = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
        try
        {
            using JsonDocument problem = JsonDocument.Parse(body, JsonText.Deep);
            return Of(problem.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Stranger(server, $"status {(int)response.StatusCode}");
        }
    }

    /// <summary>The error of an address where something else than Flume answers.</summary>
    public static VerbException Stranger(Uri server, string answered) => new(ExitCode.Unreachable,
        $"{server} answers ({answered}), but not as a server of Flume does. Give the address that 'flume serve' printed.");

    /// <summary>The error that a document describes.</summary>
    internal static VerbException Of(JsonElement problem)
    {
        string type = problem.GetProperty("type").GetString()!;
        type = type.StartsWith(Address, StringComparison.Ordinal) ? type[Address.Length..] : type;
        string text = problem.GetProperty("detail").GetString()!;
        if (problem.TryGetProperty("name", out JsonElement name)) text = $"{name.GetString()}: {text}";
        if (problem.TryGetProperty("expected", out JsonElement expected) && !WithoutExpected.Contains(type))
            text += $" Expected {expected.GetString()}.";
        text += Refusals(problem);
        string? remedy = Remedies.TryGetValue(type, out string? own) ? own
            : problem.TryGetProperty("remedy", out JsonElement given) ? given.GetString() : null;
        return new VerbException(
            Names.Contains(type) ? ExitCode.Usage : ExitCode.Failed,
            string.IsNullOrEmpty(remedy) ? text : $"{text} {remedy}");
    }

    /// <summary>What each view said to a command.</summary>
    private static string Refusals(JsonElement problem)
    {
        if (!problem.TryGetProperty("views", out JsonElement views) || views.ValueKind != JsonValueKind.Array)
            return "";
        return string.Concat(views.EnumerateArray()
            .Where(view => view.TryGetProperty("text", out _) && view.TryGetProperty("name", out _))
            .Select(view => $" {view.GetProperty("name").GetString()} {view.GetProperty("text").GetString()}."));
    }
}
