namespace Flume.Log;

/// <summary>
/// Reads the log in order, in batches of whole records, for bulk work. Memory is bounded, and no mapped page becomes
/// resident.
/// </summary>
/// <remarks>
/// Several threads can take batches from one scanner. A lock covers reading and verifying a batch, but not the caller's
/// work. A batch covers at most 1 MiB of log, or a single larger record.
/// </remarks>
public sealed class LogScanner
{
    private readonly Lock _taking = new();
    private readonly OffsetLog _log;
    private readonly long _end;
    private long _position;
    private long _index;

    /// <summary>
    /// Scans the records after <paramref name="after"/> (exclusive; None: from the first) up to
    /// <paramref name="through"/> (inclusive).
    /// </summary>
    /// <exception cref="LogOffsetException">One of the two offsets is neither None nor the start of a
    /// record.</exception>
    public LogScanner(OffsetLog log, Offset after, Offset through)
    {
        _log = log;
        _position = after.IsSome ? log.Next(after).Value : 0;
        _end = through.IsSome ? log.Next(through).Value : 0;
    }

    /// <summary>Reads the next batch; false at the end. A batch of deleted frames has no records.</summary>
    /// <exception cref="LogDamagedException">
    /// The next record does not verify. All earlier records were returned. Further calls throw too.
    /// </exception>
    public bool ReadRun(RecordBatch run)
    {
        lock (_taking)
        {
            if (_position >= _end)
            {
                run.Clear(_position);
                return false;
            }

            _log.ReadRun(run, _position, _end);
            run.Index = _index++;
            _position += run.Bytes;
            return true;
        }
    }
}
