using System.Runtime.CompilerServices;

namespace Flume.Log;

/// <summary>An append-only file of records, byte for byte that of JavaScript flumelog-offset.</summary>
/// <remarks>
/// 1. Bytes below <see cref="EndPosition"/> never change, but for deleted records, whose payload is zeroed in place.
/// 2. The head moves only after the bytes below it are readable; reading takes no lock and copies nothing.
/// 3. One writer per log on a machine, by a lock file; any number of processes may follow it read-only.
/// 4. Every record is checked each time it is read: what does not verify is an error that names the offset, never data.
/// All members may be called from any thread. Format: FORMAT.md; docs/spec 1.1.
/// </remarks>
public sealed class OffsetLog : IDisposable
{
    private readonly LogSettings _settings;
    private readonly ILogFile _file;
    private readonly LogMap _map;
    private readonly LogReader _reader;
    private readonly ChecksumVerifier _check;
    private readonly RecordCount _records;
    private readonly LogHead _head;
    private readonly LogLock? _writeLock;
    private readonly LogWriter? _writer;
    private readonly LogFollower? _follower;
    private int _disposed;
    private long _deletions;

    private OffsetLog(OpenedLog opened)
    {
        (_settings, _file, Recovery, _writeLock) = (opened.Settings, opened.Reading, opened.Recovery, opened.WriteLock);
        _head = new LogHead(opened.Head);
        _map = new LogMap(_file, _settings.Options);
        _reader = new LogReader(_map, _settings);
        _records = new RecordCount(_file, _settings);
        _check = new ChecksumVerifier(opened.Seals, _file, _reader, _settings);
        if (opened.Writing is null)
            _follower = new LogFollower(_file, _head, _settings);
        else
            _writer = new LogWriter(opened, _head, _check);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => _settings.Path;

    /// <summary>Bytes of an end marker in this log.</summary>
    public OffsetWidth Width => _settings.Width;

    /// <summary>True when the log is only followed.</summary>
    public bool ReadOnly => _settings.Options.ReadOnly;

    /// <summary>Offset of the last readable record; None when there is none.</summary>
    public Offset Head => _head.Mark.Last;

    /// <summary>The byte after the last readable record: where the next one will start.</summary>
    public long EndPosition => _head.Mark.End;

    /// <summary>How many bytes of it were synced, those found at opening counted in; null for a follower.</summary>
    public long? DurablePosition => _writer?.SyncedEnd;

    /// <summary>What opening found at the end of the file.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Why writes are refused; null while they are accepted. Null for a follower, which refuses all.</summary>
    public Exception? RefusesWritesBecause => _writer?.FirstCause;

    internal HeadMark Mark => _head.Mark;

    internal LogSettings Settings => _settings;

    internal ILogFile Bytes => _file;

    internal ChecksumVerifier Check => _check;

    /// <summary>
    /// Opens a log; creates it, with its directory, when it is missing and not to be followed only. Cuts a torn end.
    /// </summary>
    /// <exception cref="LogLockedException">
    /// Another process, or log object, writes it; or a JavaScript server uses its directory.
    /// </exception>
    /// <exception cref="LogFormatException">It is no offset log, or not of the width asked for.</exception>
    /// <exception cref="FileNotFoundException">It is missing and was to be followed.</exception>
    public static OffsetLog Open(string path, LogOptions? options = null)
    {
        options ??= new LogOptions();
        options.Validate();
        return new OffsetLog(OpenedLog.Open(System.IO.Path.GetFullPath(path), options));
    }

    /// <summary>Reads the record at <paramref name="offset"/>.</summary>
    /// <exception cref="LogOffsetException">No record starts there.</exception>
    /// <exception cref="LogDeletedException">It was deleted.</exception>
    /// <exception cref="LogDamagedException">Its bytes do not verify.</exception>
    public LogRecord Get(Offset offset)
    {
        if (!TryRead(offset, out LogRecord record))
            throw new LogOffsetException(
                offset, $"The log {Path} has no record at offset {offset}: its head is {Head}, its end {EndPosition}.");
        return record.Deleted ? throw new LogDeletedException(offset) : record;
    }

    /// <summary>
    /// Reads the record at <paramref name="offset"/>, deleted or not; false when that lies beyond the head.
    /// </summary>
    /// <exception cref="LogOffsetException">It is negative, or inside a record.</exception>
    /// <exception cref="LogDamagedException">The record's bytes do not verify.</exception>
    public bool TryRead(Offset offset, out LogRecord record)
    {
        HeadMark mark = _head.Mark;
        record = default;
        if (offset > mark.Last && offset.IsSome) return false;
        if (!offset.IsSome || !_reader.StartsFrame(offset.Value, mark.End))
            throw new LogOffsetException(
                offset, $"No record of the log {Path} starts at offset {offset}. Use an offset that the log gave out.");
        record = ReadAt(offset.Value, mark.End);
        return true;
    }

    /// <summary>
    /// Where the record after the one at <paramref name="offset"/> starts; <see cref="EndPosition"/> after the last.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    public Offset Next(Offset offset)
    {
        if (!offset.IsSome) return Offset.Zero;
        return TryRead(offset, out LogRecord record) ? record.Next : throw Beyond(offset);
    }

    /// <summary>Where the record before <paramref name="offset"/> starts; None before the first.</summary>
    /// <remarks><see cref="EndPosition"/> gives the head.</remarks>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    public Offset Previous(Offset offset)
    {
        HeadMark mark = _head.Mark;
        if (offset.Value == mark.End) return mark.Last;
        bool starts = offset.IsSome && _reader.StartsFrame(offset.Value, mark.End);
        return starts ? _reader.Previous(offset.Value) : throw Beyond(offset);
    }

    /// <summary>
    /// Reads a range, synchronously, up to the head of now; a live range goes on when <see cref="LogCursor.MoveNext"/>
    /// is called later.
    /// </summary>
    /// <exception cref="LogOffsetException">Reading forwards would begin inside a record.</exception>
    public LogCursor Read(LogRange range) => new(this, range);

    /// <summary>Reads a range; a live one waits for what is appended.</summary>
    /// <remarks>A live range ends only by cancellation, its limit or its upper bound.</remarks>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        LogRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        LogCursor cursor = Read(range);
        while (true)
        {
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return new LogEntry(cursor.Current.Offset, cursor.Current.Payload);
            }

            if (cursor.Done)
                yield break;
            await WaitForHeadAsync(cursor.HeadSeen, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Completes with the head as soon as that is beyond <paramref name="beyond"/> (exclusive).</summary>
    public async ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancellation = default)
    {
        if (_follower is null) return await _head.WaitAsync(beyond, cancellation).ConfigureAwait(false);
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            _follower.Refresh();
            if (Head > beyond) return Head;
            var pause = TimeSpan.FromMilliseconds(_settings.Options.FollowPollMs);
            await Task.Delay(pause, _settings.Options.Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// For a followed log: looks for what its writer has appended; true when the head moved. Otherwise false.
    /// </summary>
    public bool Refresh() => _follower?.Refresh() ?? false;

    /// <summary>
    /// Appends records with one write; readers see all of them or none. No payloads: nothing happens.
    /// </summary>
    /// <exception cref="LogRejectedException">
    /// Nothing was written: an empty or too large payload, the width's end, a log that refuses writes.
    /// </exception>
    /// <exception cref="LogWriteFailedException">
    /// The write or sync failed; the log refuses writes until <see cref="Reopen"/>.
    /// </exception>
    public AppendResult Append(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability) =>
        Writer("append to").Append(payloads, durability);

    /// <summary>Appends one record.</summary>
    /// <inheritdoc cref="Append(ReadOnlySpan{ReadOnlyMemory{byte}}, Durability)"/>
    public Offset Append(ReadOnlyMemory<byte> payload, Durability durability) =>
        Writer("append to").Append([payload], durability).Head;

    /// <summary>Makes what was appended so far as durable as asked.</summary>
    public void Flush(Durability durability) => Writer("flush").Flush(durability);

    /// <summary>Grows with every record that was deleted through this object: what was read before may be gone.</summary>
    public long Deletions => Interlocked.Read(ref _deletions);

    /// <summary>Zeroes the payload of a record in place, for good. Deleting a deleted record does nothing.</summary>
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

    /// <summary>
    /// Lets a log that refuses writes accept them again; returns the file that keeps what the failed append left, if
    /// anything.
    /// </summary>
    /// <exception cref="LogWriteFailedException">The file still fails.</exception>
    public string? Reopen() => Writer("reopen").Reopen();

    /// <summary>
    /// How many records there are, deleted ones included. The first call reads the log once; a later one only what is
    /// new.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public long CountRecords(CancellationToken cancellation = default) => _records.Through(EndPosition, cancellation);

    /// <summary>
    /// Bytes from the start of the log whose checksums are known: what reading compares, and verifying too.
    /// </summary>
    public long SealedPosition => _check.SealedPosition;

    /// <summary>
    /// Takes the checksums of up to 1 MiB of log that has none yet; false when nothing is left to do. Appends take
    /// their own as they go: this is for a log that JavaScript wrote, a step at a time.
    /// </summary>
    /// <exception cref="LogDamagedException">
    /// A record does not verify; nothing from there on gets checksums.
    /// </exception>
    /// <remarks>A log that refuses writes since a failure is reopened here when its next try is due.</remarks>
    public bool SealSome()
    {
        _writer?.Maintain();
        return _writer is not null && _check.SealSome(EndPosition);
    }

    /// <summary>Closes the file and wakes waiters with an error. Payloads handed out stay readable.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _head.Close();
        _writer?.Dispose();
        _check.Dispose();
        _map.Release();
        _file.Dispose();
        _writeLock?.Dispose();
    }

    internal LogRecord ReadAt(long position, long end)
    {
        LogRecord record = _reader.Read(position, end);
        if (_settings.Options.CompareOnRead)
            _check.Ensure(position, record.Next.Value);
        return record;
    }

    internal void ReadRun(RecordBatch run, long position, long end)
    {
        if (new BatchReader(_file, _settings).Fill(run, position, end) is { } reason)
            throw _reader.Damaged(position, reason);
        if (_settings.Options.CompareOnRead)
            _check.Ensure(position, run.Buffer.AsSpan(0, run.Bytes));
    }

    internal Offset StartBefore(long position) => _reader.Previous(position);

    internal bool StartsRecord(long position, long end) => _reader.StartsFrame(position, end);

    private LogWriter Writer(string action) => _writer ?? throw new LogRejectedException(
        $"Cannot {action} the log {Path}: it was opened read-only. Open it without ReadOnly to write.");

    private LogOffsetException Beyond(Offset offset) => new(
        offset, $"No record of the log {Path} starts at offset {offset}; its last one starts at {Head}.");
}
