using Flume.Ssb.Api;
using Flume.SystemTests.Golden;
using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Muxrpc;

/// <summary>npm's own ssb-client makes every call, over both transports: tests/peers/ssb-client.</summary>
public sealed class SsbClientTests(ITestOutputHelper output)
{
    [PeerFact("server", "ssb-client")]
    public async Task It_gets_every_answer_over_the_unix_socket()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity identity = await served.ImportSmallAsync("small");
        await RunAsync(served.Service.AddressesOf(identity).ToText()[0]);
    }

    [PeerFact("server", "ssb-client")]
    public async Task It_gets_every_answer_over_a_secret_handshake()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity identity = await served.ImportSmallAsync("small");
        await RunAsync(served.Service.AddressesOf(identity).ToText()[1]);
    }

    private async Task RunAsync(string remote)
    {
        string script = Path.Combine(Peers.Folder, "ssb-client", "calls.js");
        string[] arguments =
        [
            "--remote", remote, "--secret", Vectors.Secret, "--golden", Vectors.Golden,
            "--deviations", string.Join(',', GoldenTests.Deviations),
        ];
        (int code, string text) = await Peers.RunAsync(script, arguments, "server");
        output.WriteLine(text);
        Assert.True(code == 0, text);
    }
}
