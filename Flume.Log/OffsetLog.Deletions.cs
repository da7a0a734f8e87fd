namespace Flume.Log;

/// <content>Deletions: the one change of bytes below the head.</content>
public sealed partial class OffsetLog
{
    private long _deletions;

    /// <summary>
    /// The number of records deleted through this object. After a change, earlier results may contain deleted
    /// records.
    /// </summary>
    public long Deletions => Interlocked.Read(ref _deletions);

    /// <summary>
    /// Zeroes the payload of a record in place, permanently. Deleting a deleted record does nothing.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    public void Delete(Offset offset, Durability durability)
    {
        LogWriter deleting = Writer("delete from");
        if (!TryRead(offset, out LogRecord record)) throw Beyond(offset);
        deleting.Delete(record, durability);
        Interlocked.Increment(ref _deletions);
    }

    /// <summary>Ends a delete that a power loss interrupted: the record can differ from its checksum.</summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    internal void FinishDelete(Offset offset)
    {
        LogWriter deleting = Writer("delete from");
        bool isThere = offset.IsSome && offset <= Head && _reader.StartsFrame(offset.Value, EndPosition);
        if (!isThere) throw Beyond(offset);
        deleting.Delete(_reader.Read(offset.Value, EndPosition), Durability.Fsync);
        Interlocked.Increment(ref _deletions);
    }
}
