using System.CommandLine;
using System.Text.Json;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume blobs gc</c>: removes the blobs of an identity that no message of its log names.</summary>
internal static class BlobsVerb
{
    public static Command Create() => new("blobs", "Work on the blobs of an identity") { Gc() };

    private static Command Gc()
    {
        Option<string?> identity = Where.Identity("Whose blobs; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        Option<double> olderThan = new("--older-than")
        {
            Description = "Hours since a blob came; younger ones stay", DefaultValueFactory = static _ => 24,
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Remove nothing; print what would be removed" };
        Command gc = new("gc", "Remove the blobs that no message of the log names, private messages included")
        {
            identity, http, olderThan, dryRun,
        };
        gc.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            new JsObject().Set("olderThanMs", JsValue.From(parsed.GetValue(olderThan) * 3_600_000))
                .Set("dryRun", JsValue.From(parsed.GetValue(dryRun))),
            (Where.Server(parsed.GetValue(http)), parsed.GetValue(identity)), cancel));
        return gc;
    }

    private static async Task<int> RunAsync(
        Output output, JsObject terms, (Uri Server, string? Identity) place, CancellationToken cancel)
    {
        string answer = await CallVerb.AnswerAsync(
            new CallVerb.Request("flume.collectBlobs", new JsArray([JsValue.From(terms)]), place.Identity),
            place.Server, cancel).ConfigureAwait(false);
        using JsonDocument sweep = JsonDocument.Parse(answer);
        JsonElement root = sweep.RootElement;
        string done = terms["dryRun"].IsTruthy ? "would be removed" : "removed";
        output.Line(output.IsJson ? answer.TrimEnd() :
            $"{Units.Count(root.GetProperty("removed").GetInt64())} blobs {done} " +
            $"({Units.Bytes(root.GetProperty("bytes").GetInt64())}), " +
            $"{Units.Count(root.GetProperty("kept").GetInt64())} kept");
        return ExitCode.Ok;
    }
}
