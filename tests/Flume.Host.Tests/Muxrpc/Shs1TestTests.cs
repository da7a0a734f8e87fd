using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Flume.Host.Muxrpc.Handshake;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>
/// npm shs1-test, the cross-language suite of the secret handshake, against both of our sides: tests/peers/shs1.
/// </summary>
public sealed class Shs1TestTests
{
    private const string Seed = "flume";

    [PeerFact("shs1", "shs1-test")]
    public Task Our_server_passes() => RunAsync("test-server.js");

    [PeerFact("shs1", "shs1-test")]
    public Task Our_client_passes() => RunAsync("test-client.js");

    /// <summary>
    /// The suite starts relay.js, which hands its input and output to a socket, where the handshake runs.
    /// </summary>
    private static async Task RunAsync(string suite)
    {
        string folder = Directory.CreateTempSubdirectory("flume-shs1-").FullName;
        string path = Path.Combine(folder, "socket");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using CancellationTokenSource stop = new();
        Task serving = ServeAsync(listener, stop.Token);
        string peers = Path.Combine(Peers.Folder, "shs1");
        (int code, string text) = await Peers.RunAsync(
            Path.Combine(peers, "node_modules", "shs1-test", suite), [Path.Combine(peers, "relay.js"), Seed], "shs1",
            ("FLUME_SHS1_SOCKET", path));
        await stop.CancelAsync();
        await serving;
        Directory.Delete(folder, recursive: true);
        Assert.True(code == 0 && !text.Contains("Failed", StringComparison.Ordinal), $"exit code {code}: {text}");
    }

    private static async Task ServeAsync(Socket listener, CancellationToken stop)
    {
        try
        {
            while (true) _ = PlayAsync(await listener.AcceptAsync(stop), stop);
        }
        catch (OperationCanceledException)
        {
            // The suite is over.
        }
    }

    private static async Task PlayAsync(Socket socket, CancellationToken stop)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        Duplex pipe = new(PipeReader.Create(stream), PipeWriter.Create(stream));
        byte[][] arguments = await ArgumentsAsync(pipe.Input);
        Assert.True(NetworkKey.TryParse(Convert.ToBase64String(arguments[0]), out NetworkKey network));
        SessionKeys? keys = arguments.Length == 3
            ? await ServeAsync(network, arguments[1], pipe, stop)
            : await new ClientHandshake(network, FeedKeys.Generate(), arguments[1]).RunAsync(pipe, stop);
        if (keys is null) return;
        await pipe.Output.WriteAsync(
            (byte[])[.. keys.EncryptKey, .. keys.EncryptNonce, .. keys.DecryptKey, .. keys.DecryptNonce], stop);
    }

    private static async Task<SessionKeys?> ServeAsync(
        NetworkKey network, byte[] secretKey, Duplex pipe, CancellationToken stop)
    {
        FeedKeys server = FeedKeys.FromSeed(secretKey.AsSpan(0, Sodium.KeyBytes));
        return (await new ServerHandshake(network, [server], static (_, _) => true).RunAsync(pipe, stop))?.Keys;
    }

    private static async Task<byte[][]> ArgumentsAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                string line = Encoding.ASCII.GetString(read.Buffer.Slice(0, end));
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return [.. line.Split(' ').Select(Convert.FromHexString)];
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
