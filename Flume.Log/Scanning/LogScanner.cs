namespace Flume.Log;

/// <summary>
/// Reads the log front to back in runs of whole records, for bulk work: bounded memory, and no mapped page becomes
/// resident.
/// </summary>
/// <remarks>
/// Several threads may take runs from one scanner: a lock is held while a run's bytes are fetched and checked, not
/// while the caller works on it. Each run covers 1 MiB of log at most, or a single larger record.
/// </remarks>
public sealed class LogScanner
{
    private readonly Lock taking = new();
    private readonly OffsetLog log;
    private readonly long end;
    private long position;
    private long index;

    /// <summary>
    /// Scans the records after <paramref name="after"/> (exclusive; None: from the first) up to
    /// <paramref name="through"/> (inclusive).
    /// </summary>
    /// <exception cref="LogOffsetException">One of the two is neither None nor the start of a record.</exception>
    public LogScanner(OffsetLog log, Offset after, Offset through)
    {
        this.log = log;
        position = after.IsSome ? log.Next(after).Value : 0;
        end = through.IsSome ? log.Next(through).Value : 0;
    }

    /// <summary>
    /// Reads the next run; false when there is none. A run may hold no records, when all of its frames are deleted.
    /// </summary>
    /// <exception cref="LogDamagedException">
    /// The next record does not verify. All before it were given out; each further call throws too.
    /// </exception>
    public bool ReadRun(RecordBatch run)
    {
        lock (taking)
        {
            if (position >= end)
            {
                run.Clear(position);
                return false;
            }

            log.ReadRun(run, position, end);
            run.Index = index++;
            position += run.Bytes;
            return true;
        }
    }
}
