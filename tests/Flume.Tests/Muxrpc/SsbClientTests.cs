using Flume.Api;
using Flume.Codec.Messages;
using Flume.Tests.Golden;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Tests.Muxrpc;

/// <summary>npm's own ssb-client makes every call, over both transports: tests/peers/ssb-client.</summary>
public sealed class SsbClientTests(ITestOutputHelper output)
{
    [PeerFact("server", "ssb-client")]
    public async Task It_gets_every_answer_over_the_unix_socket()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity identity = await served.ImportSmallAsync("small");
        await RunAsync($"unix:{Escape(served.SocketPath("small"))}~noauth:{KeyOf(identity.Keys!)}");
    }

    [PeerFact("server", "ssb-client")]
    public async Task It_gets_every_answer_over_a_secret_handshake()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity identity = await served.ImportSmallAsync("small");
        await RunAsync($"net:127.0.0.1:{served.Address.Port}~shs:{KeyOf(identity.Keys!)}");
    }

    private async Task RunAsync(string remote)
    {
        string script = Path.Combine(Peers.Folder, "ssb-client", "calls.js");
        (int code, string text) = await Peers.RunAsync(script, ["--remote", remote, "--secret", Vectors.Secret, "--golden", Vectors.Golden], "server");
        output.WriteLine(text);
        Assert.True(code == 0, text);
    }

    private static string KeyOf(FeedKeys keys) => Convert.ToBase64String(keys.PublicKey.Span);

    private static string Escape(string path) => path.Replace("!", "!!", StringComparison.Ordinal).Replace("~", "!~", StringComparison.Ordinal);
}
