using System.Net;
using Flume.Actors;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Handshake;
using Flume.Muxrpc.Packets;
using Flume.Ssb.Messages;

namespace Flume.Host.Muxrpc;

/// <summary>
/// The configuration's section <c>flume.muxrpc</c>; flume.conf describes each value beside its default.
/// </summary>
internal sealed record MuxrpcSettings
{
    private const string Section = "flume.muxrpc";

    /// <summary>Where to listen for secret handshakes; null listens nowhere.</summary>
    public required IPEndPoint? Address { get; init; }

    /// <summary>Whether each identity gets a unix socket beside its secret.</summary>
    public required bool UnixSockets { get; init; }

    /// <summary>The network's key.</summary>
    public required NetworkKey Network { get; init; }

    /// <summary>Feed ids that may do everything, with every identity.</summary>
    public required IReadOnlySet<string> Masters { get; init; }

    /// <summary>How long a handshake may take.</summary>
    public required TimeSpan HandshakeWithin { get; init; }

    /// <summary>Connections at once, per address: more are closed at once.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Connections at once of one address of another machine: more are closed at once.</summary>
    public required int PerAddressMax { get; init; }

    /// <summary>The maximum number of strangers among them; more are closed at once.</summary>
    public required int StrangersMax { get; init; }

    /// <summary>What an owner's connection may take.</summary>
    public required RpcLimits Owners { get; init; }

    /// <summary>What a stranger's connection may take.</summary>
    public required RpcLimits Strangers { get; init; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
    public static MuxrpcSettings Read(SettingsReader reader)
    {
        LargeBodies large = new(
            reader.Int($"{Section}.large-bodies-max", 1, 10_000),
            reader.Milliseconds($"{Section}.large-body-ms", 1, 3_600_000));
        MuxrpcSettings settings = new()
        {
            Address = ReadAddress(reader),
            UnixSockets = reader.Flag($"{Section}.unix-sockets"),
            Network = ReadNetwork(reader),
            Masters = ReadMasters(reader),
            HandshakeWithin = reader.Milliseconds($"{Section}.handshake-ms", 1, 600_000),
            ConnectionsMax = reader.Int($"{Section}.connections-max", 1, 1_000_000),
            PerAddressMax = reader.Int($"{Section}.connections-per-address-max", 1, 1_000_000),
            StrangersMax = reader.Int($"{Section}.strangers-max", 0, 1_000_000),
            Owners = ReadLimits(reader, $"{Section}.owners") with { LargeBodies = large },
            Strangers = ReadLimits(reader, $"{Section}.strangers") with { LargeBodies = large },
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }

    private static IPEndPoint? ReadAddress(SettingsReader reader)
    {
        string text = reader.Text($"{Section}.address");
        if (text == "off") return null;
        return IPEndPoint.TryParse(text, out IPEndPoint? address) && text.Contains(':')
            ? address
            : throw reader.Wrong(
                $"{Section}.address", text, "off, or an IP address and a port, such as 127.0.0.1:8008");
    }

    private static RpcLimits ReadLimits(SettingsReader reader, string section) => new(
        (int)reader.Bytes($"{section}.body-bytes-max", 1024, 1 << 30),
        reader.Int($"{section}.streams-max", 1, 1_000_000),
        reader.Int($"{section}.calls-max", 1, 1_000_000));

    private static NetworkKey ReadNetwork(SettingsReader reader)
    {
        string text = reader.Text($"{Section}.network-key");
        return NetworkKey.TryParse(text, out NetworkKey key)
            ? key
            : throw reader.Wrong($"{Section}.network-key", text, "base64 of 32 bytes");
    }

    private static HashSet<string> ReadMasters(SettingsReader reader)
    {
        HashSet<string> masters = new(StringComparer.Ordinal);
        foreach (string id in reader.Words($"{Section}.masters"))
        {
            if (!Ref.IsFeed(id)) throw reader.Wrong($"{Section}.masters", id, "feed ids, such as @….ed25519");
            masters.Add(id);
        }

        return masters;
    }
}
