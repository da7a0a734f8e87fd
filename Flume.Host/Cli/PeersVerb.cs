using System.CommandLine;
using System.Text.Json;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume peers</c>: the peers of an identity, and the verbs that change them.</summary>
internal static class PeersVerb
{
    public static Command Create()
    {
        Option<string?> identity = Where.Identity("Whose peers; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        Option<double?> watch = WatchOption.Create();
        Command command = new(
            "peers", "Print connections and known addresses: direction, feeds behind, bytes, the last error")
        {
            identity, http, watch,
            Change("connect", "conn.connect", "Dial a peer and keep it connected", "connected"),
            Change(
                "disconnect", "conn.disconnect", "Close the connections to a peer and stop dialling it",
                "disconnected"),
            Change("forget", "conn.forget", "Remove an address", "forgotten"),
        };
        command.SetAction((parsed, cancel) =>
        {
            Output output = new(parsed.GetValue(CommandLine.Json));
            (Uri, string?) place = (Where.Server(parsed.GetValue(http)), parsed.GetValue(identity));
            return WatchOption.RunAsync(output, parsed.GetValue(watch), () => ShowAsync(output, place, cancel), cancel);
        });
        return command;
    }

    private static Command Change(string verb, string method, string what, string done)
    {
        Argument<string> address = new("ADDRESS")
        {
            Description = "net:HOST:PORT~shs:KEY, HOST:PORT:@KEY, or the feed id of a known peer",
        };
        Option<string?> identity = Where.Identity("Whose peer; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        Command command = new(verb, what) { address, identity, http };
        command.SetAction(async (parsed, cancel) =>
        {
            string asked = parsed.GetValue(address)!;
            string answer = await CallVerb.AnswerAsync(
                new CallVerb.Request(method, new JsArray([JsValue.From(asked)]), parsed.GetValue(identity)),
                Where.Server(parsed.GetValue(http)), cancel).ConfigureAwait(false);
            if (answer.Trim() == "false")
            {
                throw new VerbException(
                    ExitCode.Failed, $"{asked} is not {done}: no such peer. 'flume peers' lists them.");
            }

            Output output = new(parsed.GetValue(CommandLine.Json));
            output.Line(output.IsJson ? answer.TrimEnd() : $"{asked}: {done}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> ShowAsync(
        Output output, (Uri Server, string? Identity) place, CancellationToken cancel)
    {
        CallVerb.Request request = new("flume.peers", new JsArray(), place.Identity);
        string answer = await CallVerb.AnswerAsync(request, place.Server, cancel).ConfigureAwait(false);
        if (output.IsJson)
        {
            output.Line(answer.TrimEnd());
            return ExitCode.Ok;
        }

        using JsonDocument peers = JsonDocument.Parse(answer);
        TextTable table = new(
            "peer", "state", "dir", "?mode", ">feeds", ">behind", "?>received", "?>sent", "?>failures", "last error",
            "?address");
        foreach (JsonElement peer in peers.RootElement.EnumerateArray()) table.Add(Row(peer));
        table.Print(output);
        return ExitCode.Ok;
    }

    private static string[] Row(JsonElement peer)
    {
        string state = peer.GetProperty("state").GetString()!;
        return
        [
            peer.GetProperty("key").GetString()!,
            peer.GetProperty("blocked").GetBoolean() ? $"{state}, blocked" : state,
            peer.GetProperty("direction").GetString()!,
            peer.TryGetProperty("mode", out JsonElement mode) ? mode.GetString()! : "",
            Number(peer, "feeds", Units.Count),
            Number(peer, "messagesBehind", Units.Count),
            Number(peer, "bytesReceived", static bytes => Units.Bytes(bytes)),
            Number(peer, "bytesSent", static bytes => Units.Bytes(bytes)),
            Number(peer, "failures", Units.Count),
            peer.GetProperty("lastError").GetString() ?? "",
            peer.GetProperty("address").GetString()!,
        ];
    }

    private static string Number(JsonElement peer, string member, Func<long, string> show) =>
        peer.TryGetProperty(member, out JsonElement number) ? show(number.GetInt64()) : "";
}
