using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Host;

/// <summary>A classic directory that Flume serves in place, and the JavaScript server that it belonged to.</summary>
public sealed class ClassicDirectoryTests
{
    private const string Script = "server/classic.js";

    [PeerFact("server", "ssb-db")]
    public async Task A_JavaScript_server_that_is_started_beside_Flume_stops_at_once_and_the_log_is_untouched()
    {
        using TempFolder folder = new();
        string ssb = folder["ssb"], log = folder["ssb", "flume", "log.offset"];
        Directory.CreateDirectory(ssb);
        Assert.Contains("published %", (await PublishAsync(ssb)).Text);

        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", ssb, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        Assert.NotNull(await flume.ReadLineAsync());
        byte[] before = await File.ReadAllBytesAsync(log);
        (int code, string text) = await PublishAsync(ssb);
        Assert.Equal(3, code);
        Assert.Contains("LOCK", text);
        Assert.Equal(before, await File.ReadAllBytesAsync(log));

        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
        Assert.Contains("published %", (await PublishAsync(ssb)).Text);
    }

    [PeerFact("server", "ssb-db")]
    public async Task A_JavaScript_server_stops_also_where_none_has_run_before()
    {
        using TempFolder folder = new();
        string ssb = folder["ssb"];
        Directory.CreateDirectory(folder["ssb", "flume"]);
        File.WriteAllBytes(folder["ssb", "flume", "log.offset"], []);
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", ssb, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        Assert.NotNull(await flume.ReadLineAsync());
        (int code, string text) = await PublishAsync(ssb);
        Assert.Equal(3, code);
        Assert.Contains("LOCK", text);
        Assert.Empty(await File.ReadAllBytesAsync(folder["ssb", "flume", "log.offset"]));
    }

    private static Task<(int Code, string Text)> PublishAsync(string ssb) =>
        Peers.RunAsync(Path.Combine(Peers.Folder, Script), [ssb], "server");
}
