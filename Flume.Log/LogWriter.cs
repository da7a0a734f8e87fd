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
/// 4. <see cref="Reopen"/> keeps aside and cuts what lies behind the head: no reader saw it, nobody was told of it.
/// </remarks>
internal sealed class LogWriter : IDisposable
{
    private readonly Lock _writing = new();
    private readonly LogSettings _log;
    private readonly LogOptions _options;
    private readonly LogHead _head;
    private readonly ChecksumVerifier _check;
    private readonly SyncTracker _synced;
    private readonly List<(long Position, int Bytes)> _zeroed = [];
    private ILogFile _file;
    private Exception? _firstCause;
    private RetryTimes? _retry;
    private bool _disposed;

    public LogWriter(OpenedLog opened, LogHead head, ChecksumVerifier check)
    {
        (_file, _head, _check, _log) = (opened.Writing!, head, check, opened.Settings);
        _options = _log.Options;
        _synced = new SyncTracker(opened.Mark);
        _firstCause = opened.Recovery.NotCutBecause;
        if (_firstCause is null)
            _firstCause = FoundBytes.TryMakeDurable(_file, _synced, opened);
        else
            _synced.Trust(_file, Math.Min(opened.Mark.Loaded?.Synced ?? 0, head.Mark.End));
    }

    /// <summary>The first error since opening; null while writes are accepted.</summary>
    public Exception? FirstCause => _firstCause;

    /// <summary>Bytes from the start that were synced.</summary>
    public long SyncedEnd => _synced.End;

    public AppendResult Append(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability)
    {
        lock (_writing)
        {
            ThrowIfRefusing();
            HeadMark before = _head.Mark;
            if (payloads.IsEmpty)
                return new AppendResult([], before.Last, before.End);
            int bytes = Measure(payloads, before.End);
            byte[] frames = ArrayPool<byte>.Shared.Rent(bytes);
            try
            {
                Offset[] offsets = Compose(payloads, frames, before.End);
                Write(frames.AsSpan(0, bytes), before.End, durability);
                var after = new HeadMark(offsets[^1], before.End + bytes);
                _head.Publish(after);
                _check.Appended(frames.AsSpan(0, bytes), before.End);
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
        lock (_writing)
        {
            ThrowIfRefusing();
            if (durability == Durability.Fsync)
                Guard("sync", _head.Mark.End, Sync);
        }
    }

    /// <summary>Makes the mark durable, or reopens a log that refuses writes when its next try is due.</summary>
    public void Maintain()
    {
        lock (_writing)
        {
            if (!_disposed && _firstCause is null)
                _synced.Keep();
            else if (!_disposed && _firstCause is not LogDamagedException && (_retry ??= new RetryTimes(_options.Time)).IsDue)
                TryReopen();
        }
    }

    /// <summary>
    /// Zeroes the payload of the verified <paramref name="record"/> in place, its lengths and end marker stay.
    /// </summary>
    public void Delete(LogRecord record, Durability durability)
    {
        lock (_writing)
        {
            ThrowIfRefusing();
            Guard("sync", _head.Mark.End, KeepBeforeZeroing);
            if (!record.Deleted || durability == Durability.Fsync)
                Guard("delete", record.Offset.Value, () => _check.Deleting(record, () => Zero(record)));
            if (durability == Durability.Fsync)
                Guard("sync", _head.Mark.End, Sync);
        }
    }

    /// <summary>Makes a log that refuses writes accept them again, once its file does.</summary>
    /// <exception cref="LogWriteFailedException">The file still fails; the log goes on refusing.</exception>
    public string? Reopen()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(OffsetLog));
            try
            {
                ILogFile fresh = _options.Disk.Open(_log.Path, FileMode.Open, FileAccess.ReadWrite);
                _file.Dispose();
                _file = fresh;
                if (_firstCause is LogDamagedException)
                    throw new IOException(_firstCause.Message);
                string? kept = new LogRecovery(_options.Disk, _log.Path).Cut(_file, _head.Mark.End);
                foreach ((long position, int bytes) in _zeroed)
                    Rewriting.Zero(_file, position, bytes);
                Rewriting.Again(_file, _synced.End, _head.Mark.End);
                Sync();
                _synced.Keep();
                (_firstCause, _retry) = (null, null);
                return kept;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                _firstCause ??= cause;
                throw new LogWriteFailedException(
                    $"Could not reopen the log {_log.Path}: {cause.Message} It goes on refusing writes.", cause);
            }
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
                return;
            _disposed = true;
            SyncBeforeClosing();
            _synced.Dispose();
            _file.Dispose();
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
            if (length > _options.RecordBytesMax)
                throw Rejected($"payload {i} has {length} bytes, more than the {_options.RecordBytesMax} allowed");
            bytes += length + _log.Overhead;
        }

        if (bytes > _options.AppendBytesMax)
            throw Rejected($"its records take {bytes} bytes, more than the {_options.AppendBytesMax} allowed");
        if (end + bytes > _log.Width.FileBytesMax())
            throw Rejected(
                $"the log would reach {end + bytes} bytes and its {_log.Width.Bits()}-bit offsets end at " +
                $"{_log.Width.FileBytesMax()}. Import it into a log of a larger width");
        return (int)bytes;
    }

    private Offset[] Compose(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Span<byte> frames, long end)
    {
        var offsets = new Offset[payloads.Length];
        int at = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            offsets[i] = new Offset(end + at);
            at += Frame.Write(frames[at..], payloads[i].Span, end + at, _log.EndBytes);
        }

        return offsets;
    }

    private void Write(ReadOnlySpan<byte> bytes, long end, Durability durability)
    {
        try
        {
            var writing = Timing.Start(Instruments.WriteDuration);
            _file.Write(bytes, end);
            writing.Stop();
            if (durability == Durability.Fsync)
                TimedSync();
        }
        catch (Exception cause)
        {
            throw Failed("append", end, cause);
        }

        if (durability == Durability.Fsync)
            MarkSynced(end + bytes.Length);
        else
            _synced.Wrote(bytes, end + bytes.Length);
    }

    private void TimedSync()
    {
        var syncing = Timing.Start(Instruments.SyncDuration);
        _file.Sync();
        syncing.Stop();
    }

    private void Sync()
    {
        TimedSync();
        MarkSynced(_head.Mark.End);
    }

    private void MarkSynced(long end)
    {
        _zeroed.Clear();
        _synced.Synced(_file, end);
        _check.Synced();
    }

    private void SyncBeforeClosing()
    {
        if (_firstCause is not null)
            return;
        try
        {
            if (_synced.End < _head.Mark.End || _zeroed.Count > 0)
                Sync();
            _synced.Keep();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The mark stays at the last sync. No byte above it was acknowledged as durable.
        }
    }

    // A torn delete below a durable mark is no hole that an append left.
    private void KeepBeforeZeroing()
    {
        if (_synced.End < _head.Mark.End) Sync();
        _synced.Keep();
    }

    private void Zero(LogRecord record)
    {
        (long position, int bytes) = (record.Offset.Value + Frame.LengthBytes, record.Payload.Length);
        _zeroed.Add((position, bytes));
        if (position < SyncMark.HeadBytes)
            _synced.ForgetHead();
        Rewriting.Zero(_file, position, bytes);
    }

    private void TryReopen()
    {
        try
        {
            Reopen();
        }
        catch (LogWriteFailedException)
        {
            // Each write is refused with the first cause until the next try.
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
        _firstCause ??= cause;
        return new LogWriteFailedException(
            $"Could not {what} at position {position} of the log {_log.Path}: {cause.Message} " +
            "Whether it survives is unknown; the log refuses writes until it is reopened.", cause);
    }

    private void ThrowIfRefusing()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(OffsetLog));
        if (_firstCause is { } cause)
            throw new LogRejectedException(
                $"The log {_log.Path} refuses writes since an earlier failure: {cause.Message} Reopen it.", cause);
    }

    private LogRejectedException Rejected(string why) => new($"Nothing was appended to the log {_log.Path}: {why}.");
}
