using Flume.Actors;

namespace Flume.Replication.Blobs;

/// <summary>
/// The settings of section <c>flume.replication.blobs</c>. flume.conf documents each key and its default.
/// </summary>
internal sealed record BlobSettings
{
    private const string Section = "flume.replication.blobs";

    /// <summary>True if blobs are exchanged with peers.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Only smaller blobs are fetched.</summary>
    public required long BytesMax { get; init; }

    /// <summary>The maximum distance of another peer's want that this identity passes on.</summary>
    public required int Sympathy { get; init; }

    /// <summary>The number of peers that must have a pushed blob.</summary>
    public required int PushTo { get; init; }

    /// <summary>The maximum of wants of the identity, its own and those of peers.</summary>
    public required int WantsMax { get; init; }

    /// <summary>The maximum of wants of one peer.</summary>
    public required int WantsPerPeerMax { get; init; }

    /// <summary>The maximum of blobs fetched at the same time in the process.</summary>
    public required int FetchesMax { get; init; }

    /// <summary>The maximum of blobs fetched at the same time from one peer.</summary>
    public required int FetchesPerPeerMax { get; init; }

    /// <summary>The maximum time without a byte of a blob that is fetched.</summary>
    public required TimeSpan IdleWithin { get; init; }

    /// <summary>The maximum time of one fetch.</summary>
    public required TimeSpan FetchWithin { get; init; }

    /// <summary>The maximum bytes of the blobs of one identity for which others are fetched; 0 for no limit.</summary>
    public required long QuotaBytes { get; init; }

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is out of range.</exception>
    public static BlobSettings Read(SettingsReader reader) => new()
    {
        Enabled = reader.Flag($"{Section}.enabled"),
        BytesMax = reader.Bytes($"{Section}.bytes-max", 1, 1L << 40),
        Sympathy = reader.Int($"{Section}.sympathy", 0, 10),
        PushTo = reader.Int($"{Section}.push-to", 1, 100),
        WantsMax = reader.Int($"{Section}.wants-max", 1, 1_000_000),
        WantsPerPeerMax = reader.Int($"{Section}.wants-per-peer-max", 1, 1_000_000),
        FetchesMax = reader.Int($"{Section}.fetches-max", 1, 10_000),
        FetchesPerPeerMax = reader.Int($"{Section}.fetches-per-peer-max", 1, 1000),
        IdleWithin = reader.Milliseconds($"{Section}.idle-ms", 1, 3_600_000),
        FetchWithin = reader.Milliseconds($"{Section}.fetch-ms", 1, 86_400_000),
        QuotaBytes = reader.Bytes($"{Section}.quota-bytes", 0, 1L << 50),
    };
}
