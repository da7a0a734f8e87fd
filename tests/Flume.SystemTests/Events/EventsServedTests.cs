using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Flume.Log;
using Flume.Query.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Events;

/// <summary>An identity of plain events with the real program: random records through every verb, stream and kind of view.</summary>
public sealed class EventsServedTests
{
    private const int Records = 400;
    private const string Warm = """{"amount":{"$gt":20}}""";

    /// <summary>JSON nests deeper in records than the reader of .NET allows by itself.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    private readonly Dice _dice = new();

    [Fact]
    public async Task Random_records_are_streamed_tailed_queried_viewed_checked_backed_up_restored_and_found_healthy()
    {
        using TempFolder folder = new();
        await OkAsync("create", "sensors", "--kind", "events", "--data", folder["data"]);
        (byte[] Bytes, bool IsJson)[] records = Write(folder["data", "identities", "sensors", "log.offset"]);
        string[] warm;
        await using (FlumeProcess server = Serve(folder))
        {
            string at = await AddressAsync(server);
            using HttpClient http = new() { BaseAddress = new Uri(at) };
            Assert.Contains("other: events", await OkAsync("create", "other", "--kind", "events", "--http", at));
            await SameAsync(records, http);
            await ViewsAsync(records, http);
            warm = await TailAsync("--http", at);
            Assert.Equal(warm, await TailAsync("--data", folder["data"]));
            Assert.Equal(
                records.Where(one => one.IsJson && Amount(one.Bytes) > 20).Select(one => JsValue.Parse(one.Bytes).ToJson()),
                warm.Select(line => JsValue.Parse(line)["value"].ToJson()));
            Assert.Contains(": agree", await OkAsync("check", "--identity", "sensors", "--http", at));
            Assert.DoesNotContain("key pair", await OkAsync("backup", folder["backup"], "--identity", "sensors", "--http", at));
            server.Terminate();
            Assert.Equal(0, await server.EndAsync());
        }

        await OkAsync("restore", folder["backup"], "--data", folder["restored"]);
        Assert.Equal(warm, await TailAsync("--data", folder["restored"]));
        foreach (string data in (string[])[folder["data"], folder["restored"]])
        {
            foreach (string[] views in (string[][])[[], ["warm"]])
            {
                string checkedViews = await OkAsync(["check", .. views, "--identity", "sensors", "--data", data]);
                Assert.Matches("(?m)^warm: all .*: agree$", checkedViews);
                Assert.Equal(views.Length == 0, checkedViews.Contains("ids: all"));
            }

            Assert.Contains("keeps no view", await OkAsync("rebuild", "--identity", "sensors", "--data", data));
            Assert.Contains("healthy", await OkAsync("doctor", "--data", data));
        }
    }

    [PeerFact]
    public async Task A_view_whose_code_is_JavaScript_folds_exactly_the_records_that_are_JSON()
    {
        using TempFolder folder = new();
        await OkAsync("create", "sensors", "--kind", "events", "--data", folder["data"]);
        (byte[] Bytes, bool IsJson)[] records = Write(folder["data", "identities", "sensors", "log.offset"]);
        await using FlumeProcess server = Serve(folder);
        string script = $$"""
            const { connect, registerView } = require({{JsonSerializer.Serialize(TempLog.RepositoryPath("clients", "js"))}})
            connect({ http: '{{(await AddressAsync(server)).TrimEnd('/')}}', identity: 'sensors' }).then(async (client) => {
              const view = registerView(client, { name: 'seen', version: 1, initial: { n: 0, units: 0 },
                map: (value) => ({ units: JSON.stringify(value).length }),
                reduce: (state, one) => ({ n: state.n + 1, units: state.units + one.units }) })
              const state = await view.get()
              await view.close()
              process.stdout.write(JSON.stringify(state))
              await client.close()
            }).catch((error) => { console.error(error); process.exit(1) })
            """;
        string state = Encoding.UTF8.GetString(Node.Run(script, []));
        string[] json = [.. records.Where(one => one.IsJson).Select(one => JsValue.Parse(one.Bytes).ToJson())];
        Assert.True($$"""{"n":{{json.Length}},"units":{{json.Sum(text => text.Length)}}}""" == state, $"{state}; {_dice.Replay}");
    }

    /// <summary>A line has a value exactly if views see JSON, and the bytes exactly if the value does not tell them.</summary>
    private async Task SameAsync((byte[] Bytes, bool IsJson)[] records, HttpClient http)
    {
        byte[] body = await http.GetByteArrayAsync("/v1/sensors/log");
        Assert.True(Utf8.IsValid(body), _dice.Replay);
        string[] lines = Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(records.Length, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            using JsonDocument document = JsonDocument.Parse(lines[i], Deep);
            JsValue line = JsValue.Parse(lines[i]);
            bool hasBytes = document.RootElement.TryGetProperty("base64", out JsonElement base64);
            Assert.True(records[i].IsJson == document.RootElement.TryGetProperty("value", out _), _dice.Replay);
            Assert.True(hasBytes == (!records[i].IsJson || !Utf8.IsValid(records[i].Bytes)), _dice.Replay);
            if (hasBytes) Assert.Equal(records[i].Bytes, base64.GetBytesFromBase64());
            if (records[i].IsJson) Assert.Equal(JsValue.Parse(records[i].Bytes).ToJson(), line["value"].ToJson());
        }
    }

    /// <summary>Declared views of both shapes and a query see the same records, and every answer is UTF-8.</summary>
    private async Task ViewsAsync((byte[] Bytes, bool IsJson)[] records, HttpClient http)
    {
        await RegisterAsync(http, "warm", $$"""{"query":[{"$filter":{{Warm}}}]}""");
        await RegisterAsync(http, "ids", """{"query":[{"$filter":{"id":{"$is":"string"}}},{"$reduce":{"id":"id","n":{"$count":true}}}]}""");
        JsValue[] json = [.. records.Where(one => one.IsJson).Select(one => JsValue.Parse(one.Bytes))];
        Assert.Equal(
            json.Where(value => Amount(value) > 20).Select(value => value.ToJson()), await RowsAsync(http, "/v1/sensors/views/warm/rows"));
        Assert.Equal(
            json.Where(value => value["id"].IsString).CountBy(value => value["id"].AsString)
                .Select(group => $$"""{"id":{{JsValue.From(group.Key).ToJson()}},"n":{{group.Value}}}""").Order(StringComparer.Ordinal),
            (await RowsAsync(http, "/v1/sensors/views/ids/rows")).Order(StringComparer.Ordinal));
        using HttpResponseMessage answer = await http.PostAsync(
            "/v1/sensors/rpc", new StringContent("""{"name":["query","read"],"args":[{}]}""", Encoding.UTF8, "application/json"));
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(Utf8.IsValid(body), _dice.Replay);
        Assert.Equal(json.Select(value => value.ToJson()), Lines(body));
    }

    private static async Task RegisterAsync(HttpClient http, string view, string definition) =>
        (await http.PostAsync($"/v1/sensors/views/{view}", new StringContent(definition, Encoding.UTF8, "application/json")))
            .EnsureSuccessStatusCode();

    private async Task<IEnumerable<string>> RowsAsync(HttpClient http, string address)
    {
        byte[] body = await http.GetByteArrayAsync(address);
        Assert.True(Utf8.IsValid(body), _dice.Replay);
        return Lines(body);
    }

    private static IEnumerable<string> Lines(byte[] body) => Encoding.UTF8.GetString(body)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsValue.Parse(line).ToJson());

    private static async Task<string[]> TailAsync(params string[] where) =>
        (await OkAsync(["tail", "--identity", "sensors", "--from", "0", "--once", "--filter", Warm, .. where]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private (byte[] Bytes, bool IsJson)[] Write(string path)
    {
        PlainRecords plain = new(_dice);
        (byte[] Bytes, bool IsJson)[] records =
        [
            .. Enumerable.Range(0, Records).Select(_ => plain.Next()),
            (Encoding.UTF8.GetBytes($"{new string('[', 500)}{new string(']', 500)}"), true),
            (Encoding.UTF8.GetBytes($"{new string('[', 20_000)}{new string(']', 20_000)}"), false),
        ];
        using OffsetLog log = OffsetLog.Open(path);
        foreach ((byte[] bytes, _) in records) log.Append(bytes, Durability.Memory);
        return records;
    }

    private static double Amount(byte[] record) => Amount(JsValue.Parse(record));

    private static double Amount(JsValue record) => record["amount"] is { IsNumber: true } amount ? amount.AsNumber : 0;

    private static FlumeProcess Serve(TempFolder folder) => FlumeProcess.Start(
        "serve", "--data", folder["data"], "--empty", "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");

    private static async Task<string> AddressAsync(FlumeProcess server) =>
        JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!;

    private static async Task<string> OkAsync(params string[] args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(exit == 0, $"flume {string.Join(' ', args)} ended with {exit}: {error}{output}");
        return output;
    }
}
