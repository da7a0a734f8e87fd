namespace Flume.Log;

/// <summary>The synced and written length of a writer's log, stored in its <see cref="SyncMark"/>.</summary>
/// <remarks>Calls require the writer's lock. Any thread may read <see cref="End"/>.</remarks>
internal sealed class SyncTracker(SyncMark mark) : IDisposable
{
    private long _end;
    private long _written;
    private uint _writtenCrc = Crc32C.Start;
    private uint _headCrc = Crc32C.Start;
    private long _headBytes;

    /// <summary>The end of the synced bytes.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Accepts a verified mark without saving it.</summary>
    public void Trust(ILogFile file, long synced)
    {
        TakeHead(file, synced);
        Volatile.Write(ref _end, synced);
        _written = synced;
    }

    /// <summary>Records bytes that were appended but not synced.</summary>
    public void Wrote(ReadOnlySpan<byte> bytes, long to)
    {
        _writtenCrc = Crc32C.Append(_writtenCrc, bytes);
        _written = to;
        Save();
    }

    /// <summary>Records a sync up to a position. Deletes may have changed bytes below it.</summary>
    public void Synced(ILogFile file, long to)
    {
        TakeHead(file, to);
        Volatile.Write(ref _end, to);
        (_written, _writtenCrc) = (to, Crc32C.Start);
        Save();
    }

    /// <summary>Discards the head CRC, because a delete changes the first bytes of the log.</summary>
    public void ForgetHead() => _headBytes = -1;

    /// <summary>Syncs the mark.</summary>
    public void Keep() => mark.Sync();

    public void Dispose() => mark.Dispose();

    private void Save() => mark.Save(new SyncState(_end, _written, _writtenCrc, _headCrc));

    private void TakeHead(ILogFile file, long synced)
    {
        long bytes = SyncMark.HeadOf(synced);
        if (bytes == _headBytes)
            return;
        byte[] head = new byte[bytes];
        int read = file.ReadFully(head, 0);
        (_headCrc, _headBytes) = (Crc32C.Of(head.AsSpan(0, read)), bytes);
    }
}
