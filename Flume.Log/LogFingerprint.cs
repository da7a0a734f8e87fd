namespace Flume.Log;

/// <summary>Tells a log from another one by the record at an offset: the id of the log that rows are kept for.</summary>
/// <remarks>
/// The id is content, not a name: it survives a restart, a backup and its restore, and a copy of the same width. A log
/// with other records, or with other offsets, has another one. JavaScript needs no file for it and writes none.
/// </remarks>
public static class LogFingerprint
{
    /// <summary>The fingerprint of a payload: its CRC-32C, but never 0.</summary>
    public static uint Of(ReadOnlySpan<byte> payload) => Math.Max(1, Crc32C.Of(payload));

    /// <summary>The fingerprint of the record at an offset; 0 when it is deleted, or there is none before the first.</summary>
    /// <exception cref="LogException">No record starts there, or it does not verify.</exception>
    public static uint At(OffsetLog log, Offset offset) =>
        offset.IsSome && log.TryRead(offset, out LogRecord record) && !record.Deleted ? Of(record.Payload.Span) : 0;

    /// <summary>Why rows up to an offset are not of this log; null when they are, as far as can be told.</summary>
    public static string? Disagreement(OffsetLog log, Offset since, uint fingerprint)
    {
        if (!since.IsSome || since > log.Head)
            return null;
        try
        {
            uint found = At(log, since);
            return found == fingerprint || found == 0 || fingerprint == 0
                ? null
                : $"the log is another one than its rows are of: the record at {since} differs";
        }
        catch (LogOffsetException)
        {
            return $"the log is another one than its rows are of: no record starts at {since}";
        }
        catch (LogDamagedException)
        {
            // The damage is reported where the record is read. It says nothing of the rows.
            return null;
        }
    }
}
