using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>What a service writes to standard error, for operators and their programs.</summary>
public sealed class OperatorLogTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Every_line_is_a_JSON_object_with_an_ISO_time_and_tells_start_commands_refusals_and_stop()
    {
        using TempFolder folder = new();
        string config = Config(folder, $"flume.logging.format = json, flume.http.tokens-on-loopback = on, flume.http.tokens = [\"admin {Token}\"]");
        JsonElement[] lines = [.. (await LifeAsync(folder, config)).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines, line => Assert.True(DateTimeOffset.TryParseExact(line.GetProperty("Timestamp").GetString(),
            "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _), line.ToString()));
        JsonElement start = Single(lines, "Flume.Service", " started: ").GetProperty("State");
        Assert.Equal((folder["data"], config), (start.GetProperty("Directory").GetString(), start.GetProperty("Configuration").GetString()));
        Assert.Matches("^[0-9]+[.]", start.GetProperty("Version").GetString());
        Assert.Equal("sensors", Single(lines, "Flume.Service", "identity sensors opened").GetProperty("State").GetProperty("Identity").GetString());
        Assert.Contains("with a token: 201", Single(lines, "Flume.Audit", "POST /v1/identities/sensors?kind=events of ").GetProperty("Message").GetString());
        Assert.Equal("Warning", Single(lines, "Flume.Audit", "refused with 401: GET /v1/identities of ").GetProperty("LogLevel").GetString());
        Assert.Equal("stopped", lines[^1].GetProperty("Message").GetString());
        Assert.All(lines, line => Assert.DoesNotContain(Token, line.ToString()));
    }

    [Theory]
    [InlineData("plain", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z (info|warn|fail): [A-Z][A-Za-z.]+\\[[0-9]+\\] ")]
    [InlineData("systemd", "^<[0-7]>[A-Z][A-Za-z.]+\\[[0-9]+\\] ")]
    public async Task Plain_and_systemd_lines_have_one_form(string format, string pattern)
    {
        using TempFolder folder = new();
        string[] lines = await LifeAsync(folder, Config(folder, $"flume.logging.format = {format}"));
        Assert.True(lines.Length >= 4, string.Join('\n', lines));
        Assert.All(lines, line => Assert.Matches(pattern, line));
    }

    [Fact]
    public async Task Levels_are_set_by_category()
    {
        using TempFolder folder = new();
        string[] lines = await LifeAsync(folder, Config(folder, "flume.logging { level = warning, levels = [\"Flume.Audit info\"] }"));
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(" Flume.Audit[", line));
        Assert.Contains(lines, line => line.Contains("POST /v1/identities/sensors"));
        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "serve", "--data", folder["other"], "--config", Config(folder, "flume.logging.levels = [\"Flume.Audit loud\"]"));
        Assert.Equal(2, exit);
        Assert.Contains("CATEGORY LEVEL", error);
    }

    /// <summary>A service that gets a few requests and is stopped; its lines.</summary>
    private static async Task<string[]> LifeAsync(TempFolder folder, string config)
    {
        await using FlumeProcess server = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--empty", "--http", "127.0.0.1:0", "--muxrpc", "off", "--config", config, "--json");
        string line = await server.ReadLineAsync() ?? throw new InvalidOperationException(await server.ErrorAsync());
        using HttpClient http = new() { BaseAddress = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!) };
        for (int i = 0; i < 3; i++) using (await http.GetAsync("/v1/identities")) { }
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using HttpResponseMessage made = await http.PostAsync("/v1/identities/sensors?kind=events", null);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using StringContent record = new("{\"n\":1}");
        using HttpResponseMessage appended = await http.PostAsync("/v1/sensors/log", record);
        Assert.True(appended.IsSuccessStatusCode);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        return (await server.ErrorAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonElement Single(JsonElement[] lines, string category, string text) => Assert.Single(lines, line =>
        line.GetProperty("Category").GetString() == category && line.GetProperty("Message").GetString()!.Contains(text));

    private static string Config(TempFolder folder, string hocon)
    {
        File.WriteAllText(folder["my.conf"], hocon.Replace(", flume", "\nflume"));
        return folder["my.conf"];
    }
}
