using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Flume.Muxrpc.Handshake;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Xunit;

namespace Flume.TestKit;

/// <summary>The client side of a connection, with full control over the bytes of packets.</summary>
internal class PacketPeer(PipeReader fromServer, PipeWriter toServer)
{
    private const int BodyBytesMax = 1 << 24;
    private readonly PacketReader _reader = new(fromServer, BodyBytesMax);

    /// <summary>The time limit for expected events.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>The raw bytes of the connection, for invalid input.</summary>
    public PipeWriter Bytes => toServer;

    /// <summary>Connects without a handshake.</summary>
    public static async Task<PacketPeer> ConnectAsync(EndPoint address)
    {
        Duplex connection = await DialAsync(address);
        return new PacketPeer(connection.Input, connection.Output);
    }

    /// <summary>Connects with a handshake; null if the handshake failed.</summary>
    public static async Task<PacketPeer?> ConnectAsync(
        EndPoint address, NetworkKey network, FeedKeys client, FeedKeys server)
    {
        Duplex connection = await DialAsync(address);
        SessionKeys? keys = await new ClientHandshake(network, client, server.PublicKey).RunAsync(connection, default);
        if (keys is null) return null;
        BoxStream boxes = new(connection, keys, default);
        return new PacketPeer(boxes.Input, boxes.Output);
    }

    /// <summary>Opens a plain connection.</summary>
    public static async Task<Duplex> DialAsync(EndPoint address)
    {
        ProtocolType protocol =
            address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;
        Socket socket = new(address.AddressFamily, SocketType.Stream, protocol);
        await socket.ConnectAsync(address);
        NetworkStream stream = new(socket, ownsSocket: true);
        return new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream));
    }

    /// <summary>Sends a call of an async method.</summary>
    public Task CallAsync(int request, string name, params string[] args) =>
        SendAsync(0x02, request, $"{{\"name\":{Name(name)},\"args\":[{string.Join(',', args)}]}}");

    /// <summary>Opens a stream.</summary>
    public Task OpenAsync(int request, string type, string name, params string[] args) =>
        SendAsync(0x0a, request, $"{{\"name\":{Name(name)},\"type\":\"{type}\",\"args\":[{string.Join(',', args)}]}}");

    /// <summary>Ends our side of a stream.</summary>
    public Task EndAsync(int request, string with = "true") => SendAsync(0x0e, request, with);

    public Task SendAsync(byte flags, int request, string body) =>
        SendAsync(flags, request, Encoding.UTF8.GetBytes(body));

    public async Task SendAsync(byte flags, int request, byte[] body)
    {
        byte[] packet = new byte[PacketHeader.Size + body.Length];
        new PacketHeader(false, false, 0, (uint)body.Length, request).Write(packet);
        packet[0] = flags;
        body.CopyTo(packet, PacketHeader.Size);
        await toServer.WriteAsync(packet);
    }

    /// <summary>The next packet, as text: flags in hexadecimal, request, body.</summary>
    public async Task<string> NextAsync()
    {
        Packet packet = await _reader.ReadAsync(default).AsTask().WaitAsync(Patience);
        if (packet.Header.IsGoodbye) return "goodbye";
        byte[] flags = new byte[PacketHeader.Size];
        packet.Header.Write(flags);
        string body = packet.Header.Kind == BodyKind.Bytes
            ? Convert.ToHexStringLower(packet.Body.Span)
            : Encoding.UTF8.GetString(packet.Body.Span);
        return $"{flags[0]:x2} {packet.Header.Request} {body}";
    }

    /// <summary>The message of the next packet, which must be an error.</summary>
    public async Task<string> NextErrorAsync(int request, bool isStream)
    {
        string packet = await NextAsync();
        string start = $"{(isStream ? "0e" : "06")} {-request} ";
        Assert.True(packet.StartsWith(start, StringComparison.Ordinal), packet);
        JsValue error = JsValue.Parse(packet[start.Length..]);
        Assert.Equal(["message", "name", "stack"], error.AsObject.Select(member => member.Key));
        return error["message"].AsString;
    }

    private static string Name(string name) =>
        JsValue.From(new JsArray(name.Split('.').Select(part => JsValue.From(part)))).ToJson();
}

/// <summary>Two pipes as one connection.</summary>
internal sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe
{
    /// <summary>Two connected in-memory connections.</summary>
    public static (Duplex Left, Duplex Right) Pair()
    {
        Pipe toRight = new(), toLeft = new();
        return (new Duplex(toLeft.Reader, toRight.Writer), new Duplex(toRight.Reader, toLeft.Writer));
    }
}
