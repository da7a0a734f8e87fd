using Flume.Actors;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Replication.Blobs;

namespace Flume.Replication;

/// <summary>
/// The settings of section <c>flume.replication</c>. flume.conf documents each key and its default.
/// </summary>
internal sealed record ReplicationSettings
{
    private const string Section = "flume.replication";

    /// <summary>True if hosted identities with keys replicate with peers.</summary>
    public required bool Enabled { get; init; }

    /// <summary>False to use createHistoryStream alone.</summary>
    public required bool Ebt { get; init; }

    /// <summary>The maximum distance of a feed: 1 includes followed feeds, 2 the feeds that those follow.</summary>
    public required int Hops { get; init; }

    /// <summary>The host that invites name; empty for the address at which peers connect.</summary>
    public required string External { get; init; }

    /// <summary>True if addresses of private networks and of this machine may be given out.</summary>
    public required bool AllowPrivate { get; init; }

    /// <summary>Peers that every identity dials and keeps connected.</summary>
    public required IReadOnlyList<MultiserverAddress> Peers { get; init; }

    /// <summary>The maximum of connections that the scheduler opens for an identity.</summary>
    public required int OutgoingMax { get; init; }

    /// <summary>The time limit for connecting and the handshake together.</summary>
    public required TimeSpan DialWithin { get; init; }

    /// <summary>The time to wait for EBT before createHistoryStream is used.</summary>
    public required TimeSpan FallBackAfter { get; init; }

    /// <summary>The delay before the first retry of a dial. Each failure doubles it, up to 3 hours.</summary>
    public required TimeSpan RetryAfter { get; init; }

    /// <summary>The limits of one connection of a peer.</summary>
    public required RpcLimits Limits { get; init; }

    /// <summary>The settings of the exchange of blobs.</summary>
    public required BlobSettings Blobs { get; init; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
    public static ReplicationSettings Read(SettingsReader reader)
    {
        ReplicationSettings settings = new()
        {
            Enabled = reader.Flag($"{Section}.enabled"),
            Ebt = reader.Flag($"{Section}.ebt"),
            Hops = reader.Int($"{Section}.hops", 0, 10),
            External = reader.Text($"{Section}.external"),
            AllowPrivate = reader.Flag($"{Section}.allow-private"),
            Peers = ReadPeers(reader),
            OutgoingMax = reader.Int($"{Section}.outgoing-max", 0, 1000),
            DialWithin = reader.Milliseconds($"{Section}.dial-ms", 1, 600_000),
            FallBackAfter = reader.Milliseconds($"{Section}.fall-back-ms", 1, 600_000),
            Limits = new RpcLimits(
                (int)reader.Bytes($"{Section}.body-bytes-max", 64 << 10, 1 << 30),
                reader.Int($"{Section}.streams-max", 1, 1_000_000),
                reader.Int($"{Section}.calls-max", 1, 1_000_000)),
            Blobs = BlobSettings.Read(reader),
            RetryAfter = reader.Milliseconds($"{Section}.retry-ms", 1, 10_800_000),
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }

    private static List<MultiserverAddress> ReadPeers(SettingsReader reader)
    {
        List<MultiserverAddress> peers = [];
        foreach (string text in reader.Words($"{Section}.peers"))
        {
            IReadOnlyList<MultiserverAddress> all = MultiserverAddress.ParseAll(text);
            if (all.Count == 0 || all[0].Key is null)
            {
                throw reader.Wrong(
                    $"{Section}.peers", text, "multiserver addresses, such as net:HOST:PORT~shs:KEY");
            }

            peers.Add(all[0]);
        }

        return peers;
    }
}
