using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>The state of an identity's log, as of one moment.</summary>
/// <param name="Head">Offset of the last readable record.</param>
/// <param name="Bytes">Length of the log in bytes.</param>
/// <param name="ReadOnly">Why appends are refused; null when they are accepted.</param>
/// <param name="Waiting">Payloads that wait in the append buffer.</param>
/// <param name="WaitingBytes">Bytes of those payloads.</param>
public sealed record LogStatus(Offset Head, long Bytes, string? ReadOnly, int Waiting, long WaitingBytes);
