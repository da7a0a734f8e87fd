namespace Flume.Log;

/// <summary>How far the log of a writer is synced and written, kept in its <see cref="SyncMark"/>.</summary>
/// <remarks>For the holder of the writer's lock; <see cref="End"/> may be read by any thread.</remarks>
internal sealed class SyncTracker(SyncMark mark) : IDisposable
{
    private long _end;
    private long _written;
    private uint _writtenCrc = Crc32C.Start;
    private uint _headCrc = Crc32C.Start;
    private long _headBytes;

    /// <summary>Every byte below was synced.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Takes over a mark that is known to be true, and saves nothing.</summary>
    public void Trust(ILogFile file, long synced)
    {
        TakeHead(file, synced);
        Volatile.Write(ref _end, synced);
        _written = synced;
    }

    /// <summary>Bytes were appended and not synced.</summary>
    public void Wrote(ReadOnlySpan<byte> bytes, long to)
    {
        _writtenCrc = Crc32C.Append(_writtenCrc, bytes);
        _written = to;
        Save();
    }

    /// <summary>The log was synced up to a position; bytes below it may have changed by deletes.</summary>
    public void Synced(ILogFile file, long to)
    {
        TakeHead(file, to);
        Volatile.Write(ref _end, to);
        (_written, _writtenCrc) = (to, Crc32C.Start);
        Save();
    }

    /// <summary>A delete changes the first bytes of the log.</summary>
    public void ForgetHead() => _headBytes = -1;

    /// <summary>Makes the mark durable.</summary>
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
