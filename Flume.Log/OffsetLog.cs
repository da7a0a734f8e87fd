using System.Runtime.CompilerServices;

namespace Flume.Log;

/// <summary>An append-only file of records in the format of JavaScript flumelog-offset.</summary>
/// <remarks>
/// 1. Bytes below <see cref="EndPosition"/> never change, except that a delete zeroes a payload in place.
/// 2. The head moves only after the bytes below it are readable. A read takes no lock and copies nothing.
/// 3. A lock file allows one writer per log on a machine. Any number of processes may follow the log read-only.
/// 4. Each read verifies its record. A record that does not verify is an error with its offset, never data.
/// Any thread may call any member. Format: FORMAT.md; docs/spec 1.1.
/// </remarks>
public sealed partial class OffsetLog : IDisposable
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

    private OffsetLog(OpenedLog opened)
    {
        (_settings, _file, Recovery, _writeLock) = (opened.Settings, opened.Reading, opened.Recovery, opened.WriteLock);
        _head = new LogHead(opened.Head);
        _map = new LogMap(_file, _settings.Options);
        _reader = new LogReader(_map, _settings);
        _records = new RecordCount(_file, _settings);
        _check = new ChecksumVerifier(opened.Checksums, _file, _reader, _settings);
        if (opened.Writing is null)
            _follower = new LogFollower(_file, _head, _settings);
        else
            _writer = new LogWriter(opened, _head, _check);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => _settings.Path;

    /// <summary>The width of end markers in this log.</summary>
    public OffsetWidth Width => _settings.Width;

    /// <summary>True if the log was opened read-only.</summary>
    public bool ReadOnly => _settings.Options.ReadOnly;

    /// <summary>Offset of the last readable record; None if the log is empty.</summary>
    public Offset Head => _head.Mark.Last;

    /// <summary>The byte after the last readable record, which is the start of the next one.</summary>
    public long EndPosition => _head.Mark.End;

    /// <summary>The number of synced bytes, including those synced at opening; null for a follower.</summary>
    public long? DurablePosition => _writer?.SyncedEnd;

    /// <summary>The state of the end of the file at opening.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Why the log refuses writes; null while it accepts them, and for a follower.</summary>
    public Exception? RefusesWritesBecause => _writer?.FirstCause;

    internal HeadMark Mark => _head.Mark;

    internal LogSettings Settings => _settings;

    internal ILogFile Bytes => _file;

    internal ChecksumVerifier Check => _check;

    /// <summary>
    /// Opens a log and cuts a torn end. A missing log and its directory are created, unless it is opened read-only.
    /// </summary>
    /// <exception cref="LogLockedException">
    /// Another process or log object writes it, or a JavaScript server uses its directory.
    /// </exception>
    /// <exception cref="LogFormatException">
    /// The file is not an offset log, or has another width than requested.
    /// </exception>
    /// <exception cref="FileNotFoundException">The log is missing and was opened read-only.</exception>
    public static OffsetLog Open(string path, LogOptions? options = null)
    {
        options ??= new LogOptions();
        options.Validate();
        return new OffsetLog(OpenedLog.Open(System.IO.Path.GetFullPath(path), options));
    }

    /// <summary>Reads the record at <paramref name="offset"/>.</summary>
    /// <exception cref="LogOffsetException">No record starts there.</exception>
    /// <exception cref="LogDeletedException">The record was deleted.</exception>
    /// <exception cref="LogDamagedException">The record does not verify.</exception>
    public LogRecord Get(Offset offset)
    {
        if (!TryRead(offset, out LogRecord record))
            throw new LogOffsetException(
                offset, $"The log {Path} has no record at offset {offset}: its head is {Head}, its end {EndPosition}.");
        return record.Deleted ? throw new LogDeletedException(offset) : record;
    }

    /// <summary>
    /// Reads the record at <paramref name="offset"/>, also a deleted one. False if the offset is after the head.
    /// </summary>
    /// <exception cref="LogOffsetException">The offset is negative or inside a record.</exception>
    /// <exception cref="LogDamagedException">The record does not verify.</exception>
    public bool TryRead(Offset offset, out LogRecord record)
    {
        HeadMark mark = _head.Mark;
        record = default;
        if (offset > mark.Last && offset.IsSome) return false;
        if (!offset.IsSome || !_reader.TryRead(offset.Value, mark.End, out record))
            throw new LogOffsetException(
                offset, $"No record of the log {Path} starts at offset {offset}. Use an offset that the log returned.");
        Compare(record);
        return true;
    }

    /// <summary>
    /// The start of the record after the one at <paramref name="offset"/>; <see cref="EndPosition"/> after the last.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    public Offset Next(Offset offset)
    {
        if (!offset.IsSome) return Offset.Zero;
        return TryRead(offset, out LogRecord record) ? record.Next : throw Beyond(offset);
    }

    /// <summary>
    /// The start of the record before <paramref name="offset"/>; None before the first. For <see cref="EndPosition"/>
    /// it is the head.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="offset"/>.</exception>
    public Offset Previous(Offset offset)
    {
        HeadMark mark = _head.Mark;
        if (offset.Value == mark.End) return mark.Last;
        bool starts = offset.IsSome && _reader.StartsFrame(offset.Value, mark.End);
        return starts ? _reader.Previous(offset.Value) : throw Beyond(offset);
    }

    /// <summary>
    /// Reads a range synchronously, up to the current head. A live range continues if
    /// <see cref="LogCursor.MoveNext"/> is called later.
    /// </summary>
    /// <exception cref="LogOffsetException">A forward read would start inside a record.</exception>
    public LogCursor Read(LogRange range) => new(this, range);

    /// <summary>
    /// Reads a range. A live range waits for appends and ends only by cancellation, its limit or its upper bound.
    /// </summary>
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

    /// <summary>Completes with the head when the head is greater than <paramref name="beyond"/>.</summary>
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

    /// <summary>For a follower: reads what the writer appended. True if the head moved.</summary>
    public bool Refresh() => _follower?.Refresh() ?? false;

    /// <summary>
    /// Appends records with one write. Readers see all of them or none. Without payloads it does nothing.
    /// </summary>
    /// <exception cref="LogRejectedException">
    /// Nothing was written: a payload is empty or too large, the width ends, or the log refuses writes.
    /// </exception>
    /// <exception cref="LogWriteFailedException">
    /// The write or sync failed. The log refuses writes until <see cref="Reopen"/>.
    /// </exception>
    public AppendResult Append(ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability) =>
        Writer("append to").Append(payloads, durability, null);

    /// <summary>Appends one record.</summary>
    /// <inheritdoc cref="Append(ReadOnlySpan{ReadOnlyMemory{byte}}, Durability)"/>
    public Offset Append(ReadOnlyMemory<byte> payload, Durability durability) =>
        Writer("append to").Append([payload], durability, null).Head;

    /// <summary>Gives all appended records the requested durability.</summary>
    public void Flush(Durability durability) => Writer("flush").Flush(durability);

    /// <summary>
    /// Lets a log that refuses writes accept them again. Returns the file that keeps the rest of the failed append,
    /// or null.
    /// </summary>
    /// <exception cref="LogWriteFailedException">The file still fails.</exception>
    public string? Reopen() => Writer("reopen").Reopen();

    /// <summary>The number of records, deleted ones included. Only the first call reads the whole log.</summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public long CountRecords(CancellationToken cancellation = default) => _records.Through(EndPosition, cancellation);

    /// <summary>
    /// The byte up to which block checksums exist. Reads and verifications compare the bytes below it.
    /// </summary>
    public long ChecksummedEnd => _check.ChecksummedEnd;

    /// <summary>
    /// Computes the checksums of up to 1 MiB of log that has none. False if all blocks have one. Appends compute
    /// their own, so this serves logs that JavaScript wrote.
    /// </summary>
    /// <exception cref="LogDamagedException">
    /// A record does not verify. Blocks from there on get no checksum.
    /// </exception>
    /// <remarks>If the log refuses writes after a failure and a retry is due, this call reopens it.</remarks>
    public bool AddChecksums()
    {
        _writer?.Maintain();
        return _writer is not null && _check.AddChecksums(EndPosition);
    }

    /// <summary>Closes the file and completes waiters with an error. Payloads read earlier stay readable.</summary>
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
        Compare(record);
        return record;
    }

    private void Compare(LogRecord record)
    {
        if (_settings.Options.CompareOnRead)
            _check.Ensure(record.Offset.Value, record.Next.Value);
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
        offset, $"No record of the log {Path} starts at offset {offset}: its last record starts at {Head}.");
}
