using System.Buffers;
using Flume.Log.Telemetry;

namespace Flume.Log;

/// <summary>
/// The writer of a log. It appends frames at the end, zeroes deleted payloads, and stops at the first error.
/// </summary>
/// <remarks>
/// 1. Any thread may call the methods. All of them take the same lock.
/// 2. Readers see all records of an append or none: the head moves once, after the write and the requested sync.
/// 3. After a failed write or sync, each attempt reports the first error until <see cref="Reopen"/> succeeds.
/// 4. <see cref="Reopen"/> saves and cuts the bytes after the head. They were never acknowledged.
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
    private readonly AppendFrames _frames;
    private ILogFile _file;
    private long _attemptedEnd;
    private Exception? _firstCause;
    private RetryTimes? _retry;
    private bool _disposed;

    public LogWriter(OpenedLog opened, LogHead head, ChecksumVerifier check)
    {
        (_file, _head, _check, _log) = (opened.Writing!, head, check, opened.Settings);
        _options = _log.Options;
        _frames = new AppendFrames(_log);
        _synced = new SyncTracker(opened.Mark);
        _attemptedEnd = opened.Recovery.EndPosition + opened.Recovery.TornBytes;
        _firstCause = opened.Recovery.NotCutBecause;
        if (_firstCause is null)
            _firstCause = FoundBytes.TryMakeDurable(_file, _synced, opened);
        else
            _synced.Trust(_file, Math.Min(opened.Mark.Loaded?.Synced ?? 0, head.Mark.End));
    }

    /// <summary>The first error since opening; null while the log accepts writes.</summary>
    public Exception? FirstCause => _firstCause;

    /// <summary>The number of synced bytes from the start of the log.</summary>
    public long SyncedEnd => _synced.End;

    public AppendResult Append(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability, Offset? expected)
    {
        lock (_writing)
        {
            ThrowIfRefusing();
            HeadMark before = _head.MarkOf(expected, _log.Path);
            if (payloads.IsEmpty) return new AppendResult([], before.Last, before.End);
            int bytes = _frames.Measure(payloads, before.End);
            byte[] frames = ArrayPool<byte>.Shared.Rent(bytes);
            try
            {
                Offset[] offsets = _frames.Compose(payloads, frames, before.End);
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

    /// <summary>Syncs the mark. If the log refuses writes and a retry is due, reopens it instead.</summary>
    public void Maintain()
    {
        lock (_writing)
        {
            if (!_disposed && _firstCause is null)
                _synced.Keep();
            else if (!_disposed && !IsFinal(_firstCause) && (_retry ??= new RetryTimes(_options.Time)).IsDue)
                TryReopen();
        }
    }

    /// <summary>Zeroes the payload of the verified <paramref name="record"/> in place. Its length stays.</summary>
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

    /// <summary>Lets the log accept writes again if its file works again.</summary>
    /// <exception cref="LogWriteFailedException">
    /// The file still fails. The log continues to refuse writes.
    /// </exception>
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
                if (_file.Length > Math.Max(_attemptedEnd, _head.Mark.End)) // more than this process tried to write
                    _firstCause = SharedLog.Found(_file, _head.Mark, _log);
                if (_firstCause is { } final && IsFinal(final))
                    throw new IOException(final.Message);
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
                    $"Could not reopen the log {_log.Path}: {cause.Message} The log still refuses writes.", cause);
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

    private void Write(ReadOnlySpan<byte> bytes, long end, Durability durability)
    {
        _attemptedEnd = end + bytes.Length;
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
            // The mark stays at the last sync. No byte after it was acknowledged as durable.
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
            // Until the next retry, each write fails with the first error.
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
        _firstCause ??= SharedLog.Found(_file, _head.Mark, _log);
        if (_firstCause is { } cause)
            throw new LogRejectedException(
                $"The log {_log.Path} refuses writes since an earlier failure: {cause.Message}" +
                (IsFinal(cause) ? "" : " Reopen it."), cause);
    }

    // Neither another try nor room on the disk mends these.
    private static bool IsFinal(Exception? cause) => cause is LogDamagedException or LogSharedException;
}
