namespace Flume.Log;

/// <summary>The state of a log's end at opening, and the action of recovery.</summary>
/// <param name="EndPosition">The byte after the last readable record.</param>
/// <param name="TornBytes">Bytes of an interrupted append after the end. Zero after a clean stop.</param>
/// <param name="CutFile">
/// The file that holds those bytes after they were cut from the log; null if nothing was cut.
/// </param>
/// <param name="Damage">
/// The offset below the end at which records do not connect, if the search met one; otherwise None.
/// </param>
/// <param name="NotCutBecause">Why the torn bytes are still in the log: it is read-only, or the copy failed.</param>
public sealed record LogRecoveryReport(
    long EndPosition, long TornBytes, string? CutFile, Offset Damage, Exception? NotCutBecause)
{
    /// <summary>True if torn bytes were found, cut or not.</summary>
    public bool Torn => TornBytes > 0;
}
