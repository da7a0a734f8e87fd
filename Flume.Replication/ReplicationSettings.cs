using Flume.Actors;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;

namespace Flume.Replication;

/// <summary>
/// The configuration's section <c>flume.replication</c>; flume.conf explains each key beside its default.
/// </summary>
internal sealed record ReplicationSettings
{
    private const string Section = "flume.replication";

    /// <summary>Whether hosted identities with keys replicate with peers.</summary>
    public required bool Enabled { get; init; }

    /// <summary>How many hops away a feed may be: 1 is whom the identity follows, 2 whom these follow.</summary>
    public required int Hops { get; init; }

    /// <summary>Peers that every identity dials and keeps connected.</summary>
    public required IReadOnlyList<MultiserverAddress> Peers { get; init; }

    /// <summary>How long connecting and the handshake may take together.</summary>
    public required TimeSpan DialWithin { get; init; }

    /// <summary>How long to wait for a peer's EBT before createHistoryStream is used.</summary>
    public required TimeSpan FallBackAfter { get; init; }

    /// <summary>The wait before the first new attempt to reach a peer; each failure doubles it, up to 3 hours.</summary>
    public required TimeSpan RetryAfter { get; init; }

    /// <summary>What one connection of a peer may take.</summary>
    public required RpcLimits Limits { get; init; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
    public static ReplicationSettings Read(SettingsReader reader)
    {
        ReplicationSettings settings = new()
        {
            Enabled = reader.Flag($"{Section}.enabled"),
            Hops = reader.Int($"{Section}.hops", 0, 10),
            Peers = ReadPeers(reader),
            DialWithin = reader.Milliseconds($"{Section}.dial-ms", 1, 600_000),
            FallBackAfter = reader.Milliseconds($"{Section}.fall-back-ms", 1, 600_000),
            Limits = new RpcLimits(
                (int)reader.Bytes($"{Section}.body-bytes-max", 64 << 10, 1 << 30),
                reader.Int($"{Section}.streams-max", 1, 1_000_000),
                reader.Int($"{Section}.calls-max", 1, 1_000_000)),
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
