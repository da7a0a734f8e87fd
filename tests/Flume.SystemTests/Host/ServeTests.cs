using System.Net.Http;
using System.Text;
using System.Text.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Host;

public sealed class ServeTests
{
    [Fact]
    public async Task A_fresh_directory_serves_the_sample_and_stops_cleanly()
    {
        using TempFolder folder = new();
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        using HttpClient http = await ConnectAsync(flume);

        JsonElement identities = JsonDocument.Parse(await http.GetStringAsync("/v1/identities")).RootElement;
        JsonElement sample = identities.GetProperty("identities").EnumerateArray().Single();
        Assert.Equal("sample", sample.GetProperty("name").GetString());
        string record = await http.GetStringAsync("/v1/sample/log?reverse=true&limit=1");
        JsonElement newest = JsonDocument.Parse(record).RootElement.GetProperty("value");
        string key = newest.GetProperty("key").GetString()!;
        JsonElement message = JsonDocument.Parse(
            await http.GetStringAsync($"/v1/sample/messages/{Uri.EscapeDataString(key)}")).RootElement;
        Assert.Equal(newest.GetProperty("value").GetProperty("signature").GetString(),
            message.GetProperty("value").GetProperty("signature").GetString());
        string[] ssb = ["status", "--http", http.BaseAddress!.Authority];
        Assert.Contains("live", (await FlumeProcess.RunAsync(ssb)).Output);

        flume.Terminate();

        Assert.Equal(0, await flume.EndAsync());
    }

    [Theory]
    [InlineData("{\"$sort\":[[\"timestamp\"]]}", "$sort", "items", 5)]
    [InlineData("{\"$reduce\":{\"k\":\"key\",\"n\":{\"$count\":true}}}", "$reduce", "items", 5)]
    [InlineData("{\"$reduce\":{\"$collect\":\"key\"}}", "$collect", "bytes", 2048)]
    public async Task A_query_that_would_hold_too_much_is_told_which_stage_met_which_limit(
        string stage, string name, string what, int limit)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["low.conf"], $"flume.reads.held-{what}-max = {limit}");
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--http", "127.0.0.1:0", "--muxrpc", "off", "--json", "--config", folder["low.conf"]);
        using HttpClient http = await ConnectAsync(flume);
        string filter = """{"$filter":{"key":{"$is":"string"}}}""";
        string call = "{\"name\":[\"query\",\"read\"],\"args\":[{\"query\":[" + filter + "," + stage + "]}]}";

        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/sample/rpc")
        {
            Content = new StringContent(call, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync());
        JsonElement problem = JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement;
        // An answer that takes long begins as a stream; then its last line says what went wrong.
        if (answer.IsSuccessStatusCode) problem = problem.GetProperty("$error");

        Assert.Equal("/problems/query-too-large", problem.GetProperty("type").GetString());
        Assert.Equal($"flume.reads.held-{what}-max", problem.GetProperty("key").GetString());
        Assert.Equal(limit, problem.GetProperty("limit").GetInt64());
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.StartsWith($"{name} cannot hold ", detail);
        Assert.Contains("Narrow the query with a $filter", detail);
    }

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart()
    {
        using TempFolder folder = new();
        string appended;
        await using (FlumeProcess first = Serve(folder.Path))
        {
            using HttpClient http = await ConnectAsync(first);
            Assert.True((await http.PostAsync("/v1/identities/bob", null)).IsSuccessStatusCode);
            HttpResponseMessage answer = await http.PostAsync(
                "/v1/bob/log", new StringContent("{\"hello\":1}\n[2]", Encoding.UTF8));
            appended = await answer.Content.ReadAsStringAsync();
            Assert.Contains("\"offsets\":[0,23]", appended);
            first.Terminate();
            Assert.Equal(0, await first.EndAsync());
        }

        await using FlumeProcess second = Serve(folder.Path);
        using HttpClient again = await ConnectAsync(second);
        Assert.Equal("{\"offset\":0,\"value\":{\"hello\":1}}\n{\"offset\":23,\"value\":[2]}\n",
            await again.GetStringAsync("/v1/bob/log"));
    }

    [Fact]
    public async Task A_directory_that_is_served_is_refused_to_others_with_the_reason()
    {
        using TempFolder folder = new();
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        using HttpClient http = await ConnectAsync(flume);
        await http.GetStringAsync("/v1/sample/views");

        foreach (string line in (string[])["rebuild", "status", "call whoami", "serve --http 127.0.0.1:0"])
        {
            (int exit, _, string error) = await FlumeProcess.RunAsync([.. line.Split(' '), "--data", folder.Path]);
            Assert.Equal(4, exit);
            Assert.Contains($"which answers at {http.BaseAddress!.ToString().TrimEnd('/')}", error);
        }
    }

    [Fact]
    public async Task A_classic_directory_is_served_in_place_with_our_files_beside()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["flume"]);
        string samples = Path.Combine(AppContext.BaseDirectory, "samples");
        File.Copy(Path.Combine(samples, "log.offset"), folder["flume", "log.offset"]);
        File.Copy(Path.Combine(samples, "secret"), folder["secret"]);
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", folder.Path, "--http", "127.0.0.1:0", "--json");
        using HttpClient http = await ConnectAsync(flume);

        string first = await http.GetStringAsync("/v1/ssb/log?limit=1");

        Assert.StartsWith("{\"offset\":0,\"value\":{\"key\":\"%", first);
        Assert.True(Directory.Exists(folder["flume-net"]));
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
        Assert.Equal(new FileInfo(Path.Combine(samples, "log.offset")).Length,
            new FileInfo(folder["flume", "log.offset"]).Length);
    }

    [Fact]
    public async Task A_followed_directory_takes_no_appends()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["flume"]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "samples", "log.offset"), folder["flume", "log.offset"]);
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", folder.Path, "--follow", "--http", "127.0.0.1:0", "--json");
        using HttpClient http = await ConnectAsync(flume);
        HttpResponseMessage refused = await http.PostAsync("/v1/ssb/log", new StringContent("1", Encoding.UTF8));
        await ServedSite.ProblemAsync(refused, "log-read-only", 503);
    }

    [Fact]
    public async Task A_directory_that_a_javascript_server_holds_is_refused_unless_it_is_only_followed()
    {
        if (!OperatingSystem.IsLinux()) return;
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["flume", "keys"]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "samples", "log.offset"), folder["flume", "log.offset"]);
        // LevelDB's lock is a POSIX one, which FileStream.Lock takes.
        await using FileStream levelDb = new(
            folder["flume", "keys", "LOCK"], FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        levelDb.Lock(0, 0);

        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "serve", "--ssb", folder.Path, "--http", "127.0.0.1:0");
        Assert.Equal(4, exit);
        Assert.Contains($"in use by process {Environment.ProcessId}", error);
        Assert.Contains("--follow", error);

        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", folder.Path, "--follow", "--http", "127.0.0.1:0", "--json");
        using HttpClient http = await ConnectAsync(flume);
        Assert.StartsWith("{\"offset\":0,", await http.GetStringAsync("/v1/ssb/log?limit=1"));
    }

    [Theory]
    [InlineData("--config", "missing.conf")]
    [InlineData("--ssb", "missing-directory")]
    public async Task What_is_missing_is_named(string option, string value)
    {
        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "serve", option, value, "--empty", "--http", "127.0.0.1:0");
        Assert.Equal(2, exit);
        Assert.Contains(value, error);
    }

    private static FlumeProcess Serve(string data) =>
        FlumeProcess.Start("serve", "--data", data, "--empty", "--http", "127.0.0.1:0", "--json");

    private static async Task<HttpClient> ConnectAsync(FlumeProcess flume)
    {
        string? line = await flume.ReadLineAsync();
        if (line is null) Assert.Fail(await flume.ErrorAsync());
        return new HttpClient
        {
            BaseAddress = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!),
        };
    }
}
