using Flume.Actors;

namespace Flume.Host.Http;

/// <summary>
/// The limits of the HTTP server; flume.conf describes each value beside its default.
/// </summary>
internal sealed record HttpLimits
{
    /// <summary>Bytes of one request body; more is refused with <c>body-too-large</c>.</summary>
    public required long BodyBytesMax { get; init; }

    /// <summary>
    /// Bytes of one JSON value in a body, so of one record; more is refused with <c>line-too-long</c>.
    /// </summary>
    public required int LineBytesMax { get; init; }

    /// <summary>Records that one request may append; more are refused with <c>too-many-records</c>.</summary>
    public required int AppendRecordsMax { get; init; }

    /// <summary>
    /// Bytes of one append: a request holds at most this and one line in memory.
    /// </summary>
    public required int AppendBatchBytes { get; init; }

    /// <summary>Streams open at once; more are refused with <c>too-many-streams</c>.</summary>
    public required int StreamsMax { get; init; }

    /// <summary>Clients of <c>/v1/events</c> at once; more are refused with <c>too-many-streams</c>.</summary>
    public required int WatchersMax { get; init; }

    /// <summary>Calls at once without an answer; more are refused with <c>too-many-reads</c>.</summary>
    public required int ReadsMax { get; init; }

    /// <summary>Connections at once; more are closed without an answer.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Connections at once of one address of another machine; more are closed without an answer.</summary>
    public required int ConnectionsPerAddressMax { get; init; }

    /// <summary>Bytes a second that a body must come with, on average, while it is read; 0 for any.</summary>
    public required int BodyRateMin { get; init; }

    /// <summary>How long after its beginning a body may be slower.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for running requests before it aborts them.</summary>
    public required TimeSpan StopWithin { get; init; }

    /// <summary>Names that the Host header may have, besides <c>localhost</c> and numeric addresses.</summary>
    public required IReadOnlyList<string> HostNames { get; init; }

    /// <summary>Reads the keys of <c>flume.http</c>.</summary>
    /// <exception cref="SettingsException">A value is out of range.</exception>
    public static HttpLimits Read(SettingsReader reader) => new()
    {
        BodyBytesMax = reader.Bytes("flume.http.body-bytes-max", 1, 1L << 40),
        LineBytesMax = (int)reader.Bytes("flume.http.line-bytes-max", 1, 512 << 20),
        AppendRecordsMax = reader.Int("flume.http.append-records-max", 1, 100_000_000),
        AppendBatchBytes = (int)reader.Bytes("flume.http.append-batch-bytes", 1, 256 << 20),
        StreamsMax = reader.Int("flume.http.streams-max", 1, 1_000_000),
        WatchersMax = reader.Int("flume.http.watchers-max", 1, 1_000_000),
        ReadsMax = reader.Int("flume.http.reads-max", 1, 1_000_000),
        ConnectionsMax = reader.Int("flume.http.connections-max", 1, 1_000_000),
        ConnectionsPerAddressMax = reader.Int("flume.http.connections-per-address-max", 1, 1_000_000),
        BodyRateMin = reader.Int("flume.http.body-rate-min", 0, 1_000_000_000),
        StopWithin = reader.Milliseconds("flume.http.stop-within-ms", 0, 3_600_000),
        HostNames = reader.Words("flume.http.host-names"),
    };
}
