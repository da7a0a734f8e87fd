using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>The result of an append: the log contains the payloads with the requested durability.</summary>
/// <param name="Offsets">The offset of each payload's record, in the given order; empty for an empty append.</param>
/// <param name="Head">The head after the write. It can include records of other callers.</param>
public sealed record Appended(IReadOnlyList<Offset> Offsets, Offset Head)
{
    /// <summary>The minimum since for a read that must include these records.</summary>
    public Offset Last => Offsets.Count > 0 ? Offsets[^1] : Head;
}
