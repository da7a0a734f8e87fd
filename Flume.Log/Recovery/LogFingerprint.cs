namespace Flume.Log;

/// <summary>Identifies a log by the record at an offset. Views store the fingerprint with their rows.</summary>
/// <remarks>
/// The fingerprint depends on content, not on a name. A restart, a backup and restore, and a copy of the same width
/// keep it. A log with other records or other offsets has another fingerprint. It needs no extra file next to the
/// log.
/// </remarks>
public static class LogFingerprint
{
    /// <summary>The fingerprint of a payload: its CRC-32C, or 1 if that is 0.</summary>
    public static uint Of(ReadOnlySpan<byte> payload) => Math.Max(1, Crc32C.Of(payload));

    /// <summary>
    /// The fingerprint of the record at an offset; 0 for a deleted record and for <see cref="Offset.None"/>.
    /// </summary>
    /// <exception cref="LogException">No record starts there, or the record does not verify.</exception>
    public static uint At(OffsetLog log, Offset offset) =>
        offset.IsSome && log.TryRead(offset, out LogRecord record) && !record.Deleted ? Of(record.Payload.Span) : 0;

    /// <summary>Why rows up to an offset do not belong to this log; null if no difference is found.</summary>
    public static string? Disagreement(OffsetLog log, Offset since, uint fingerprint)
    {
        if (!since.IsSome || since > log.Head)
            return null;
        try
        {
            uint found = At(log, since);
            return found == fingerprint || found == 0 || fingerprint == 0
                ? null
                : $"the rows belong to another log: the record at {since} differs";
        }
        catch (LogOffsetException)
        {
            return $"the rows belong to another log: no record starts at {since}";
        }
        catch (LogDamagedException)
        {
            // The read of the record reports the damage. Damage does not show that the rows belong to another log.
            return null;
        }
    }
}
