using System.CommandLine;
using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume status</c>: prints identities, their logs, and the progress of each view.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        TargetOptions at = new(
            "Look into this data directory, without a server", $"The server to ask ({Where.DefaultAddress})");
        Option<double?> watch = WatchOption.Create();
        Command command = new("status", "Print identities, heads, and each view's state, lag, rate and size")
        {
            watch,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            Output output = new(parsed.GetValue(CommandLine.Json));
            Target target = at.Of(parsed);
            if (parsed.GetValue(watch) is not null && !target.IsServer)
                throw VerbException.Usage("--watch needs a running server: without one the status does not change.");
            return WatchOption.RunAsync(
                output, parsed.GetValue(watch), () => RunAsync(output, target, cancel), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(Output output, Target target, CancellationToken cancel)
    {
        using JsonDocument status = target.IsServer
            ? await AskAsync(target.Server, cancel).ConfigureAwait(false)
            : await OfflineStatus.ReadAsync(target.Directory, cancel).ConfigureAwait(false);
        if (output.IsJson)
        {
            output.Document(status.RootElement.WriteTo);
            return ExitCode.Ok;
        }

        JsonElement identities = status.RootElement.GetProperty("identities");
        output.Line(target.Ssb is null ? StatusVerdict.Of(identities)
            : StatusVerdict.Of(identities, "a key pair and no log yet; it begins with the first message"));
        Print(output, identities);
        return ExitCode.Ok;
    }

    /// <summary>
    /// Combines the server's documents of all identities: <c>{"identities":[{…,"views":[…]}]}</c>.
    /// </summary>
    private static async Task<JsonDocument> AskAsync(Uri address, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        using JsonDocument identities = await server.GetAsync("/v1/identities", cancel).ConfigureAwait(false);
        using MemoryStream merged = new();
        using (Utf8JsonWriter json = new(merged, Http.JsonText.Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("identities");
            foreach (JsonElement identity in identities.RootElement.GetProperty("identities").EnumerateArray())
            {
                if (identity.TryGetProperty("error", out _))
                {
                    identity.WriteTo(json);
                    continue;
                }

                string name = identity.GetProperty("name").GetString()!;
                using JsonDocument views = await server.GetAsync(
                    $"/v1/{Uri.EscapeDataString(name)}/views", cancel).ConfigureAwait(false);
                json.WriteStartObject();
                foreach (JsonProperty property in identity.EnumerateObject()) property.WriteTo(json);
                json.WritePropertyName("views");
                views.RootElement.GetProperty("views").WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(merged.ToArray(), Http.JsonText.Deep);
    }

    private static void Print(Output output, JsonElement identities)
    {
        foreach (JsonElement identity in identities.EnumerateArray())
        {
            if (identity.TryGetProperty("error", out JsonElement error))
            {
                output.Line($"{identity.GetProperty("name").GetString()}: {error.GetString()}");
                continue;
            }

            string id = identity.GetProperty("id").GetString() ?? "no keys";
            output.Line(
                $"{identity.GetProperty("name").GetString()}: head {identity.GetProperty("head").GetInt64()}, " +
                $"{Units.Bytes(identity.GetProperty("bytes").GetInt64())}, {id}");
            if (identity.GetProperty("readOnly").GetString() is { } reason && !identity.GetProperty("following").GetBoolean())
                output.Line($"  refuses appends: {reason}");
            PrintAddresses(output, identity);
            TextTable table = new(
                "view", "?kind", "state", ">since", ">lag",
                "?>records/s", "?>ETA", "?>skipped", "?>restarts", "?>size");
            foreach (JsonElement view in identity.GetProperty("views").EnumerateArray()) table.Add(Row(view));
            table.Print(output);
            foreach (JsonElement view in identity.GetProperty("views").EnumerateArray()) PrintError(output, view);
        }
    }

    /// <summary>The muxrpc addresses of an identity; none without a server.</summary>
    private static void PrintAddresses(Output output, JsonElement identity)
    {
        if (!identity.TryGetProperty("addresses", out JsonElement addresses)) return;
        foreach (JsonElement address in addresses.EnumerateArray()) output.Line($"  answers at {address.GetString()}");
    }

    private static string[] Row(JsonElement view)
    {
        JsonElement rebuilding = view.GetProperty("rebuilding");
        bool rebuilds = rebuilding.ValueKind == JsonValueKind.Object;
        JsonElement moving = rebuilds ? rebuilding : view;
        string state = view.GetProperty("state").GetString()!;
        if (rebuilds) state += $" {rebuilding.GetProperty("progress").GetDouble():P0}";
        if (view.GetProperty("waitsFor").GetString() is { } client) state += $", waits for {client}";
        JsonElement eta = moving.GetProperty("etaSeconds");
        double rate = moving.GetProperty("recordsPerSecond").GetDouble();
        return
        [
            view.GetProperty("name").GetString()!,
            view.GetProperty("kind").GetString()!,
            state,
            Http.Text.Of(view.GetProperty("since").GetInt64()),
            Units.Count(view.GetProperty("lag").GetProperty("records").GetInt64()),
            rate == 0 ? "" : Units.Rate(rate),
            eta.ValueKind == JsonValueKind.Number ? Units.Time(TimeSpan.FromSeconds(eta.GetDouble())) : "",
            Units.Count(view.GetProperty("skipped").GetInt64()),
            Units.Count(view.GetProperty("restarts").GetInt64()),
            Units.Bytes(view.GetProperty("storeBytes").GetInt64()),
        ];
    }

    private static void PrintError(Output output, JsonElement view)
    {
        if (view.GetProperty("lastError").GetString() is { } error)
            output.Line($"{view.GetProperty("name").GetString()}: {error}");
    }
}
