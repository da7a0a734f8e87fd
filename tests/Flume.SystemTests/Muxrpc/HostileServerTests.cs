using System.Text.Json;
using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Muxrpc;

/// <summary>Floods, half-open streams and wrong lengths against the program itself: tests/peers/hostile.</summary>
public sealed class HostileServerTests(ITestOutputHelper output)
{
    [PeerFact]
    public async Task An_attack_costs_its_connections_and_nobody_elses_calls()
    {
        if (!OperatingSystem.IsLinux()) return;
        using TempFolder folder = new();
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--muxrpc", "127.0.0.1:0", "--json");
        string? line = await flume.ReadLineAsync();
        if (line is null) Assert.Fail(await flume.ErrorAsync());
        JsonElement told = JsonDocument.Parse(line).RootElement;
        using System.Net.Http.HttpClient http = new() { BaseAddress = new(told.GetProperty("address").GetString()!) };
        await http.GetAsync("/health/ready");
        string port = told.GetProperty("muxrpc").GetString()!.Split(':', '~')[2];
        string[] arguments =
        [
            "--socket", folder["identities", "sample", "socket"], "--port", port,
            "--pid", told.GetProperty("pid").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture),
        ];

        string script = Path.Combine(Peers.Folder, "hostile", "attack.js");
        (int code, string text) = await Peers.RunAsync(script, arguments, "server");

        output.WriteLine(text);
        Assert.True(code == 0, text);
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
        string errors = await flume.ErrorAsync();
        Assert.False(errors.Contains("unexpectedly", StringComparison.Ordinal), errors);
    }
}
