using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>
/// Packets that break the protocol, and more calls than answers are read, over an identity's unix socket.
/// </summary>
internal sealed class MuxrpcAttacks(Attempt attempt, string socketPath)
{
    private const int FloodCalls = 5000;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(300), FloodWait = TimeSpan.FromSeconds(2);
    private static readonly uint[] Lengths = [0, 1, 5, uint.MaxValue, int.MaxValue, 25 << 20];

    private readonly Random _random = attempt.Random;
    private readonly RandomJson _json = new(attempt.Random);

    public async Task PacketsAsync()
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Packets(_random, _json));
        await ReadAsync(socket, Wait);
    }

    /// <summary>Calls without end on one connection; half of the clients read nothing.</summary>
    public async Task FloodAsync()
    {
        using Socket socket = await ConnectAsync();
        string call = _random.Next(3) switch
        {
            0 => "{\"name\":[\"whoami\"],\"type\":\"async\",\"args\":[]}",
            1 => "{\"name\":[\"createLogStream\"],\"type\":\"source\",\"args\":[{\"limit\":50}]}",
            _ => "{\"name\":[\"createLogStream\"],\"type\":\"source\",\"args\":[{\"live\":true,\"old\":false}]}",
        };
        byte flags = (byte)(call.Contains("source", StringComparison.Ordinal) ? 0x0a : 0x02);
        using var late = new CancellationTokenSource(FloodWait);
        Task reading = _random.Next(2) == 0 ? ReadAsync(socket, FloodWait) : Task.CompletedTask;
        try
        {
            for (int i = 1; i <= FloodCalls; i++)
                await socket.SendAsync(Packet(flags, Encoding.UTF8.GetBytes(call), i), late.Token);
        }
        catch (OperationCanceledException)
        {
            // The server stopped reading: that is its right.
        }

        await reading;
    }

    /// <summary>Bytes of one to many packets with something wrong.</summary>
    public static byte[] Packets(Random random, RandomJson json)
    {
        string method = JsonAttacks.Methods[random.Next(JsonAttacks.Methods.Length)];
        byte[] call = Encoding.UTF8.GetBytes(
            $"{{\"name\":[\"{method.Replace(".", "\",\"", StringComparison.Ordinal)}\"],"
            + $"\"args\":[{json.Value()}],\"type\":{(random.Next(4) == 0 ? "5" : "\"source\"")}}}");
        switch (random.Next(8))
        {
            case 0:
                byte[] garbage = new byte[random.Next(1, 2000)];
                random.NextBytes(garbage);
                return garbage;
            case 1: return Packet(2, call, random.Next(-5, int.MaxValue));
            case 2: return Packet((byte)random.Next(256), call, 1);
            case 3: return Packet(2, call, 1, Lengths[random.Next(Lengths.Length)]);
            case 4: return [.. Enumerable.Range(1, 100).SelectMany(i => Packet(0x0a, call, i))];
            case 5: return Packet(2, json.Odd(), 1);
            case 6:
                return [.. Packet(0x0a, "{\"name\":[\"blobs\",\"add\"],\"type\":\"sink\",\"args\":[]}"u8.ToArray(), 1),
                    .. Packet(8, new byte[random.Next(6000)], 1),
                    .. Packet((byte)random.Next(12, 15), "true"u8.ToArray(), 1)];
            default: return new byte[9];
        }
    }

    private static byte[] Packet(byte flags, byte[] body, int request, uint? length = null)
    {
        byte[] packet = new byte[9 + body.Length];
        packet[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(1), length ?? (uint)body.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(5), request);
        body.CopyTo(packet, 9);
        return packet;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        return socket;
    }

    private static async Task ReadAsync(Socket socket, TimeSpan time)
    {
        using var late = new CancellationTokenSource(time);
        byte[] buffer = new byte[65536];
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
}
