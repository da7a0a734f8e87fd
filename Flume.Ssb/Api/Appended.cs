using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>Payloads are in the log, as durable as was asked.</summary>
/// <param name="Offsets">Where each payload's record starts, in the order given; empty for an empty append.</param>
/// <param name="Head">The head after the write; other callers' records may lie beyond these.</param>
public sealed record Appended(IReadOnlyList<Offset> Offsets, Offset Head)
{
    /// <summary>The offset to read at least, to see these records in a view.</summary>
    public Offset Last => Offsets.Count > 0 ? Offsets[^1] : Head;
}
