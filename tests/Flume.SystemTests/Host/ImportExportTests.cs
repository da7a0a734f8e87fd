using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>Logs that come from other programs and go to them, and records that are no JSON.</summary>
public sealed class ImportExportTests
{
    private const int Messages = 120;
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");
    private static readonly string Log = Path.Combine(Samples, "log.offset");

    [PeerFact("db2", "ssb-db2")]
    public async Task The_log_of_ssb_db2_is_imported_record_by_record_in_its_order_with_its_ids_verified()
    {
        using TempFolder folder = new();
        string[] written = await WriteDb2Async(folder);
        JsonElement report = JsonDocument.Parse(await OkAsync("import", folder["ssb", "db2", "log.bipf"], "--identity", "me",
            "--secret", folder["ssb", "secret"], "--data", folder["data"], "--json")).RootElement;
        Assert.Equal((Messages, Messages, 0),
            (report.GetProperty("records").GetInt32(), report.GetProperty("idsVerified").GetInt32(), report.GetProperty("leftOut").GetInt32()));
        Assert.Equal(written, Lines(await OkAsync("export", "-", "--data", folder["data"])));
        Assert.Contains($"{Messages} message ids agree", await OkAsync("verify", "--ids", "--data", folder["data"]));
        string own = JsonDocument.Parse(await OkAsync("call", "whoami", "--data", folder["data"])).RootElement.GetProperty("id").GetString()!;
        Assert.All(written, line => Assert.Contains(own, line));
        Assert.Contains("private 6", await OkAsync("call", "private.read", "{\"limit\":1}", "--data", folder["data"]));
        Assert.DoesNotContain("disagree", await OkAsync("check", "--data", folder["data"]));
    }

    [PeerFact("db2", "ssb-db2")]
    public async Task A_message_of_ssb_db2_that_was_changed_is_left_out_and_named_and_a_deleted_one_is_counted()
    {
        using TempFolder folder = new();
        string[] written = await WriteDb2Async(folder);
        string log = folder["ssb", "db2", "log.bipf"];
        byte[] bytes = await File.ReadAllBytesAsync(log);
        int changed = bytes.AsSpan().IndexOf("message 24 "u8), deleted = 0;
        bytes[changed] = (byte)'M';
        bytes.AsSpan(2, bytes[0] + (bytes[1] << 8)).Clear();
        await File.WriteAllBytesAsync(log, bytes);

        (int exit, string output, string error) = await FlumeProcess.RunAsync("import", log, "--identity", "me", "--data", folder["data"]);
        Assert.True(exit == 3, output + error);
        Assert.Contains("1 deleted records left out", output);
        Assert.Contains($"left out: {JsonDocument.Parse(written[24]).RootElement.GetProperty("key").GetString()}", output);
        Assert.Equal(written.Where((_, i) => i != deleted && i != 24), Lines(await OkAsync("export", "-", "--data", folder["data"])));

        bytes[0] = bytes[1] = 0xff;
        await File.WriteAllBytesAsync(log, bytes);
        (exit, _, error) = await FlumeProcess.RunAsync("import", log, "--identity", "you", "--data", folder["data"]);
        Assert.Equal(3, exit);
        Assert.Contains("damaged at offset 0", error);
        Assert.False(File.Exists(folder["data", "identities", "you", "log.offset"]));
    }

    [Fact]
    public async Task An_export_is_the_same_log_or_its_records_as_lines_or_a_part_of_them()
    {
        using TempFolder folder = new();
        await OkAsync("import", Log, "--identity", "me", "--data", folder["data"]);
        await OkAsync("export", folder["copy.offset"], "--data", folder["data"]);
        Assert.Equal(await File.ReadAllBytesAsync(Log), await File.ReadAllBytesAsync(folder["copy.offset"]));

        await OkAsync("export", folder["all.jsonl"], "--data", folder["data"]);
        string[] all = await File.ReadAllLinesAsync(folder["all.jsonl"]);
        Assert.Equal(1000, all.Length);
        string author = JsonDocument.Parse(all[0]).RootElement.GetProperty("value").GetProperty("author").GetString()!;
        string[] own = Lines(await OkAsync("export", "-", "--author", author, "--data", folder["data"]));
        Assert.Equal(all.Where(line => line.Contains($"\"author\":\"{author}\"")), own);
        Assert.Equal(Lines(await OkAsync("tail", "--from", "0", "--once", "--author", author, "--data", folder["data"])).Length, own.Length);

        await OkAsync("export", folder["own.offset"], "--author", author, "--offset-bits", "48", "--data", folder["data"]);
        await OkAsync("import", folder["own.offset"], "--identity", "own", "--data", folder["part"]);
        Assert.Equal(own, Lines(await OkAsync("export", "-", "--data", folder["part"])));
        (int exit, _, string error) = await FlumeProcess.RunAsync("export", folder["own.offset"], "--data", folder["data"]);
        Assert.Equal(2, exit);
        Assert.Contains("exists", error);
    }

    [Fact]
    public async Task A_log_of_events_takes_records_of_any_bytes_and_gives_them_back()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--empty", "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        using HttpClient http = new()
        {
            BaseAddress = new Uri(JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!),
        };
        using (await http.PostAsync("/v1/identities/bytes?kind=events", null)) { }
        using (await http.PostAsync("/v1/identities/alice?kind=ssb", null)) { }
        byte[] cbor = [0xa1, 0x61, 0x74, 0xfb, 0x40, 0x35, 0x80, 0, 0, 0, 0, 0];
        long first = await AppendAsync(http, cbor), second = await AppendAsync(http, "{\"n\": 1}"u8.ToArray());

        using HttpResponseMessage back = await http.GetAsync($"/v1/bytes/log/{first}");
        Assert.Equal("application/octet-stream", back.Content.Headers.ContentType!.MediaType);
        Assert.Equal(cbor, await back.Content.ReadAsByteArrayAsync());
        using HttpResponseMessage json = await http.GetAsync($"/v1/bytes/log/{second}");
        Assert.Equal(("application/json", "{\"n\": 1}"), (json.Content.Headers.ContentType!.MediaType, await json.Content.ReadAsStringAsync()));
        string[] stream = Lines(await http.GetStringAsync("/v1/bytes/log"));
        Assert.Equal($"{{\"offset\":{first},\"base64\":\"{Convert.ToBase64String(cbor)}\"}}", stream[0]);
        foreach ((string path, int status) in ((string, int)[])[($"/v1/bytes/log/{first + 1}", 400), ("/v1/bytes/log/x", 400), ("/v1/no/log/0", 404)])
        {
            using HttpResponseMessage refused = await http.GetAsync(path);
            Assert.Equal((path, status), (path, (int)refused.StatusCode));
        }

        using HttpResponseMessage ssb = await http.PostAsync("/v1/alice/log", Octets(cbor));
        Assert.Equal(HttpStatusCode.BadRequest, ssb.StatusCode);
        using HttpResponseMessage zeros = await http.PostAsync("/v1/bytes/log", Octets(new byte[4]));
        Assert.Equal(HttpStatusCode.BadRequest, zeros.StatusCode);
        await OkAsync("export", folder["bytes.offset"], "--identity", "bytes", "--data", folder["data"]);
        (int exit, _, string error) = await FlumeProcess.RunAsync("export", "-", "--identity", "bytes", "--data", folder["data"]);
        Assert.Equal(1, exit);
        Assert.Contains($"offset {first} is no JSON", error);
    }

    private static async Task<long> AppendAsync(HttpClient http, byte[] record)
    {
        using HttpResponseMessage answer = await http.PostAsync("/v1/bytes/log", Octets(record));
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("head").GetInt64();
    }

    private static ByteArrayContent Octets(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    /// <summary>A directory of ssb-db2 with a log that it wrote; its records as it reads them.</summary>
    private static async Task<string[]> WriteDb2Async(TempFolder folder)
    {
        Directory.CreateDirectory(folder["ssb"]);
        (int code, string text) = await Peers.RunAsync(
            Path.Combine(Peers.Folder, "import", "db2.js"), [folder["ssb"], $"{Messages}"], "db2");
        string[] lines = Lines(text);
        Assert.True(code == 0 && lines.Length == Messages, $"{code}, {lines.Length} lines");
        return lines;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> OkAsync(params string[] args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(exit == 0, $"flume {string.Join(' ', args)} ended with {exit}: {error}{output}");
        return output;
    }
}
