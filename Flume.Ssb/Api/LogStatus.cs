using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>A snapshot of the state of an identity's log.</summary>
/// <param name="Head">Offset of the last readable record.</param>
/// <param name="Bytes">Length of the log in bytes.</param>
/// <param name="ReadOnly">The cause why appends are rejected; null if they are accepted.</param>
/// <param name="Waiting">The number of payloads in the append queue.</param>
/// <param name="WaitingBytes">Bytes of those payloads.</param>
public sealed record LogStatus(Offset Head, long Bytes, string? ReadOnly, int Waiting, long WaitingBytes)
{
    /// <summary>True if the log is only read, because the configuration says so; that is no fault.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>The largest length that the offsets of the log can express.</summary>
    public long BytesMax { get; init; } = long.MaxValue;
}
