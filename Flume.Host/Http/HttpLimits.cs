namespace Flume.Host.Http;

/// <summary>What the HTTP side allows at most: section <c>flume.http</c> of the configuration.</summary>
internal sealed record HttpLimits
{
    /// <summary>Bytes of one request body; more is refused with <c>body-too-large</c>.</summary>
    public long BodyBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of one JSON value in a body, so of one record; more is refused with <c>line-too-long</c>.</summary>
    public int LineBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Records that one request may append; more are refused with <c>too-many-records</c>.</summary>
    public int AppendRecordsMax { get; init; } = 65_536;

    /// <summary>Bytes that are handed to the log in one append: what one request holds in memory, beside one line.</summary>
    public int AppendBatchBytes { get; init; } = 1024 * 1024;

    /// <summary>Streams open at once; more are refused with <c>too-many-streams</c>.</summary>
    public int StreamsMax { get; init; } = 256;

    /// <summary>Calls at once that have no answer yet; more are refused with <c>too-many-reads</c>.</summary>
    public int ReadsMax { get; init; } = 1024;

    /// <summary>Connections at once; more are closed without an answer.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>How long a stop waits for the requests under way before it cuts them.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Names that the Host header may carry, beside those of the loopback interface.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];
}
