using System.IO.Pipelines;
using System.Net.Sockets;
using Flume.Muxrpc.Handshake;
using Flume.Ssb.Messages;

namespace Flume.Torture.Hostile;

/// <summary>Handshakes that break off or lie, and strangers who are let in and then misbehave.</summary>
internal sealed class HandshakeAttacks(Attempt attempt, FlumeServer server)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(30);

    // The key of the main network: the default of the configuration.
    private static readonly NetworkKey Network =
        NetworkKey.TryParse("1KHLiKZvAvjbY1ziZEHMXawbCEIM6qwjCDm3VYRan/s=", out NetworkKey key)
            ? key : throw new FormatException();

    private readonly Random _random = attempt.Random;

    public async Task HandshakesAsync()
    {
        using Socket socket = await ConnectAsync();
        int length = _random.Next(4) switch { 0 => 64, 1 => _random.Next(64), 2 => 176, _ => _random.Next(1, 500) };
        byte[] bytes = new byte[length];
        if (_random.Next(4) > 0) _random.NextBytes(bytes);
        await socket.SendAsync(bytes);
        await ReadAsync(socket);
    }

    /// <summary>A valid handshake of an unknown key, then packets with something wrong.</summary>
    public async Task StrangersAsync()
    {
        using Socket socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        var pipe = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
        byte[] seed = new byte[32];
        _random.NextBytes(seed);
        using var late = new CancellationTokenSource(Patience);
        FeedKeys own = FeedKeys.FromSeed(seed), theirs = SecretFile.Read(Vectors.Secret);
        SessionKeys? keys = await new ClientHandshake(Network, own, theirs.PublicKey)
            .RunAsync(pipe, late.Token);
        if (keys is null)
        {
            attempt.Violate("a handshake of a stranger fails", $"{server.Muxrpc}");
            return;
        }

        attempt.Run.Note("strangers let in");
        await using var boxes = new BoxStream(pipe, keys, late.Token);
        await boxes.Output.WriteAsync(MuxrpcAttacks.Packets(_random, new RandomJson(_random)), late.Token);
        await Task.Delay(Wait, late.Token);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Muxrpc!);
        return socket;
    }

    private static async Task ReadAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(Wait);
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, late.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
