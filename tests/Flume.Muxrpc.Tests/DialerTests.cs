using System.Net;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Handshake;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;

namespace Flume.Muxrpc.Tests;

/// <summary>Dialling over real sockets.</summary>
public sealed class DialerTests
{
    private static readonly FeedKeys Server = FeedKeys.FromSeed(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly FeedKeys Client = FeedKeys.FromSeed(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly RpcLimits Limits = new(1 << 20, 100, 100);

    [Fact]
    public async Task A_dialled_connection_calls_and_is_called()
    {
        TaskCompletionSource<string> answered = new();
        await using SocketListener listener = await ListenAsync(answered);
        await using DialedConnection dialed = await Dial(listener, Server);
        TestService ours = new() { ["whoami"] = static _ => new() { Call = static _ => new(JsString(Client.Id)) } };
        using MuxrpcConnection connection = new(dialed.Pipe, ours, Limits);
        using CancellationTokenSource done = new();
        Task run = connection.RunAsync(done.Token);
        Assert.Equal(Server.Id, (await connection.CallAsync("whoami", [], default)).AsString);
        Assert.Equal(Client.Id, await answered.Task.WaitAsync(PacketPeer.Patience));
        await done.CancelAsync();
        await run.WaitAsync(PacketPeer.Patience);
    }

    [Fact]
    public async Task A_peer_with_another_key_is_refused_with_its_address()
    {
        await using SocketListener listener = await ListenAsync(new());
        IOException error = await Assert.ThrowsAsync<IOException>(() => Dial(listener, FeedKeys.Generate()));
        Assert.Contains(listener.Address.ToString()!, error.Message, StringComparison.Ordinal);
    }

    private static JsValue JsString(string text) => JsValue.From(text);

    private static Task<DialedConnection> Dial(SocketListener listener, FeedKeys server)
    {
        string text = $"net:{listener.Address}~shs:{Convert.ToBase64String(server.PublicKey.Span)}";
        return new Dialer(Network, PacketPeer.Patience).DialAsync(MultiserverAddress.ParseAll(text)[0], Client, default);
    }

    private static NetworkKey Network =>
        NetworkKey.TryParse(Convert.ToBase64String(new byte[32]), out NetworkKey key) ? key : throw new FormatException();

    // The server asks the client for its name, then closes.
    private static Task<SocketListener> ListenAsync(TaskCompletionSource<string> answered) => SocketListener.StartAsync(
        new ListenPlace(new IPEndPoint(IPAddress.Loopback, 0), null, 10), async (connection, stop) =>
        {
            HandshakeResult? passed =
                await new ServerHandshake(Network, [Server], static (_, _) => true).RunAsync(connection.Transport, stop);
            if (passed is null) return;
            await using BoxStream boxes = new(connection.Transport, passed.Keys, connection.ConnectionClosed);
            TestService service = new() { ["whoami"] = static _ => new() { Call = static _ => new(JsString(Server.Id)) } };
            using MuxrpcConnection served = new(boxes, service, Limits);
            Task run = served.RunAsync(stop);
            answered.TrySetResult((await served.CallAsync("whoami", [], stop)).AsString);
            await run;
        });
}
