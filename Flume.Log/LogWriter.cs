using System.Buffers;
using Flume.Log.Telemetry;

namespace Flume.Log;

/// <summary>
/// The one writer of a log: appends frames at its end, zeroes deleted payloads, and stops at the first error.
/// </summary>
/// <remarks>
/// 1. Every method takes the same lock: callable from any thread, one at a time.
/// 2. Readers see all records of an append or none: the head moves once, after the bytes (and the sync asked for) are
///    done.
/// 3. After a failed write or sync nothing more is written; each attempt names the first cause until
///    <see cref="Reopen"/> succeeds.
/// 4. What <see cref="Reopen"/> finds behind the head was never seen by readers nor acknowledged: it is kept aside and
///    cut.
/// </remarks>
internal sealed class LogWriter : IDisposable
{
    private readonly Lock writing = new();
    private readonly LogSettings log;
    private readonly LogOptions options;
    private readonly LogHead head;
    private readonly ChecksumVerifier check;
    private ILogFile file;
    private Exception? firstCause;
    private long syncedEnd;
    private bool disposed;

    public LogWriter(ILogFile file, LogHead head, ChecksumVerifier check, LogSettings log)
    {
        (this.file, this.head, this.check, this.log) = (file, head, check, log);
        options = log.Options;
        syncedEnd = head.Mark.End;
    }

    /// <summary>The first error since opening; null while writes are accepted.</summary>
    public Exception? FirstCause => firstCause;

    /// <summary>Bytes from the start that were synced, or were there at opening.</summary>
    public long SyncedEnd => Volatile.Read(ref syncedEnd);

    /// <summary>Refuses writes from the start, because opening could not do its part.</summary>
    public void Refuse(Exception cause) => firstCause = cause;

    public AppendResult Append(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability)
    {
        lock (writing)
        {
            ThrowIfRefusing();
            HeadMark before = head.Mark;
            if (payloads.IsEmpty)
                return new AppendResult([], before.Last, before.End);
            int bytes = Measure(payloads, before.End);
            byte[] frames = ArrayPool<byte>.Shared.Rent(bytes);
            try
            {
                Offset[] offsets = Compose(payloads, frames, before.End);
                Write(frames.AsSpan(0, bytes), before.End, durability);
                var after = new HeadMark(offsets[^1], before.End + bytes);
                head.Publish(after);
                check.Appended(frames.AsSpan(0, bytes), before.End);
                return new AppendResult(offsets, after.Last, after.End);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(frames);
            }
        }
    }

    public void Flush(Durability durability)
    {
        lock (writing)
        {
            ThrowIfRefusing();
            if (durability == Durability.Fsync)
                Guard("sync", head.Mark.End, Sync);
        }
    }

    /// <summary>
    /// Zeroes the payload of the verified <paramref name="record"/> in place, its lengths and end marker stay.
    /// </summary>
    public void Delete(LogRecord record, Durability durability)
    {
        lock (writing)
        {
            ThrowIfRefusing();
            if (!record.Deleted)
                Guard("delete", record.Offset.Value, () => check.Deleting(record, () => Zero(record)));
            if (durability == Durability.Fsync)
                Guard("sync", head.Mark.End, Sync);
        }
    }

    /// <summary>Makes a log that refuses writes accept them again, once its file does.</summary>
    /// <exception cref="LogWriteFailedException">The file still fails; the log goes on refusing.</exception>
    public string? Reopen()
    {
        lock (writing)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(OffsetLog));
            try
            {
                ILogFile fresh = options.Disk.Open(log.Path, FileMode.Open, FileAccess.ReadWrite);
                file.Dispose();
                file = fresh;
                string? kept = new LogRecovery(options.Disk, log.Path).Cut(file, head.Mark.End);
                WriteAgain(syncedEnd, head.Mark.End);
                Sync();
                firstCause = null;
                return kept;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                firstCause ??= cause;
                throw new LogWriteFailedException(
                    $"Could not reopen the log {log.Path}: {cause.Message} It goes on refusing writes.", cause);
            }
        }
    }

    public void Dispose()
    {
        lock (writing)
        {
            disposed = true;
            file.Dispose();
        }
    }

    private int Measure(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, long end)
    {
        long bytes = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            int length = payloads[i].Length;
            if (length == 0)
                throw Rejected($"payload {i} has no bytes, and JavaScript flume fails on empty records");
            if (length > options.RecordBytesMax)
                throw Rejected($"payload {i} has {length} bytes, more than the {options.RecordBytesMax} allowed");
            bytes += length + log.Overhead;
        }

        if (bytes > options.AppendBytesMax)
            throw Rejected($"its records take {bytes} bytes, more than the {options.AppendBytesMax} allowed");
        if (end + bytes > log.Width.FileBytesMax())
            throw Rejected(
                $"the log would reach {end + bytes} bytes and its {log.Width.Bits()}-bit offsets end at " +
                $"{log.Width.FileBytesMax()}. Import it into a log of a larger width");
        return (int)bytes;
    }

    private Offset[] Compose(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Span<byte> frames, long end)
    {
        var offsets = new Offset[payloads.Length];
        int at = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            offsets[i] = new Offset(end + at);
            at += Frame.Write(frames[at..], payloads[i].Span, end + at, log.EndBytes);
        }

        return offsets;
    }

    private void Write(ReadOnlySpan<byte> bytes, long end, Durability durability)
    {
        try
        {
            var writing = Timing.Start(Instruments.WriteDuration);
            file.Write(bytes, end);
            writing.Stop();
            if (durability == Durability.Fsync)
                TimedSync();
        }
        catch (Exception cause)
        {
            throw Failed("append", end, cause);
        }

        if (durability == Durability.Fsync)
            syncedEnd = end + bytes.Length;
    }

    private void TimedSync()
    {
        var syncing = Timing.Start(Instruments.SyncDuration);
        file.Sync();
        syncing.Stop();
    }

    private void Sync()
    {
        TimedSync();
        syncedEnd = head.Mark.End;
    }

    private void Zero(LogRecord record)
    {
        (long position, int bytes) = (record.Offset.Value + Frame.LengthBytes, record.Payload.Length);
        byte[] zeros = new byte[Math.Min(bytes, 1 << 20)];
        for (int done = 0; done < bytes; done += zeros.Length)
            file.Write(zeros.AsSpan(0, Math.Min(zeros.Length, bytes - done)), position + done);
    }

    // After a failed fsync the system may count dirty pages as clean: only bytes written once more are sure to be
    // written at all.
    private void WriteAgain(long from, long to)
    {
        byte[] buffer = new byte[(int)Math.Min(1 << 20, to - from)];
        for (long at = from; at < to; at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at));
            if (file.ReadFully(part, at) < part.Length)
                throw new IOException($"The file is shorter than the {to} bytes of its readable records.");
            file.Write(part, at);
        }
    }

    private void Guard(string what, long position, Action step)
    {
        try
        {
            step();
        }
        catch (Exception cause)
        {
            throw Failed(what, position, cause);
        }
    }

    private LogWriteFailedException Failed(string what, long position, Exception cause)
    {
        firstCause ??= cause;
        return new LogWriteFailedException(
            $"Could not {what} at position {position} of the log {log.Path}: {cause.Message} " +
            "Whether it survives is unknown; the log refuses writes until it is reopened.", cause);
    }

    private void ThrowIfRefusing()
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(OffsetLog));
        if (firstCause is { } cause)
            throw new LogRejectedException(
                $"The log {log.Path} refuses writes since an earlier failure: {cause.Message} Reopen it.", cause);
    }

    private LogRejectedException Rejected(string why) => new($"Nothing was appended to the log {log.Path}: {why}.");
}
