namespace Flume.Log;

/// <summary>What opening a log found at its end, and what was done about it.</summary>
/// <param name="EndPosition">The byte after the last readable record.</param>
/// <param name="TornBytes">
/// Bytes behind it that are no whole record: the rest of an append that a crash cut short. Zero after a clean stop.
/// </param>
/// <param name="CutFile">
/// Where those bytes were kept before they were cut from the log; null when nothing was cut.
/// </param>
/// <param name="Damage">
/// Where records below the end do not connect, when the look at the end passed such a place; else None.
/// </param>
/// <param name="NotCutBecause">
/// Why torn bytes are still in the log: it is only followed, or they could not be kept elsewhere.
/// </param>
public sealed record LogRecoveryReport(
    long EndPosition, long TornBytes, string? CutFile, Offset Damage, Exception? NotCutBecause)
{
    /// <summary>True when torn bytes were found, whether or not they were cut.</summary>
    public bool Torn => TornBytes > 0;
}
