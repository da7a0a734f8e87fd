using System.Text.Json;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Actors;

/// <summary>Stores the events of many persistent actors in one offset log, with an index in memory.</summary>
/// <remarks>
/// 1. An event is stored when its record is on the device (fsync). Opening cuts a torn end, as for any log.
/// 2. The numbers of one actor's events increase by one. The highest number survives a deletion of events.
/// 3. The index is a pure function of the log. Any thread may call the members: Akka replays during writes.
/// </remarks>
internal sealed class EventLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private readonly OffsetLog _log;

    private EventLog(OffsetLog log)
    {
        _log = log;
        try
        {
            LogCursor cursor = log.Read(LogRange.All);
            while (cursor.MoveNext())
            {
                LogRecord current = cursor.Current;
                Index(Parse(current.Payload, current.Offset), current.Offset);
            }
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the file, or creates it. First compacts it when void events exceed <paramref name="compactBytes"/>.
    /// </summary>
    /// <exception cref="LogException">The file can't be opened.</exception>
    public static EventLog Open(string path, long compactBytes) => Open(path, compactBytes, LogDisk.Instance);

    /// <summary><see cref="Open(string, long)"/> on a disk that a test may have replaced.</summary>
    internal static EventLog Open(string path, long compactBytes, ILogDisk disk)
    {
        LogOptions options = new() { Disk = disk };
        var events = new EventLog(OffsetLog.Open(path, options));
        if (events.VoidBytes() <= compactBytes) return events;
        string fresh = path + ".compact";
        File.Delete(fresh);
        using (OffsetLog copy = OffsetLog.Open(fresh, options)) events.CopyTo(copy);
        events.Dispose();
        OwnerFile.Rename(fresh, path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (string side in Directory.GetFiles(folder, $"{Path.GetFileName(fresh)}.*"))
            File.Delete(side);
        return new EventLog(OffsetLog.Open(path, options));
    }

    /// <summary>Opens a file read-only; another process may write it.</summary>
    /// <exception cref="LogException">The file can't be opened.</exception>
    public static EventLog Follow(string path) => new(OffsetLog.Open(path, new LogOptions { ReadOnly = true }));

    /// <summary>The size of the file in bytes.</summary>
    public long Bytes => _log.EndPosition;

    /// <summary>The number of the last event ever stored for an actor; 0 for none.</summary>
    public long Highest(string id)
    {
        lock (_lock) return _streams.TryGetValue(id, out Stream? stream) ? stream.Highest : 0;
    }

    /// <summary>Stores an atomic write durably.</summary>
    /// <exception cref="InvalidOperationException">The first number is in use: two writers share an id.</exception>
    /// <exception cref="LogException">The write failed.</exception>
    public void Write(JournalRecord record)
    {
        lock (_lock)
        {
            long highest = Highest(record.Id);
            if (record.First <= highest) throw NumberInUse(record, highest);
            Index(record, Append(record));
        }
    }

    /// <summary>Makes an actor's events up to a number (inclusive) void, durably.</summary>
    public void Delete(string id, long to)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(id, out Stream? stream)) return;
            JournalRecord record = JournalRecord.Delete(id, Math.Min(to, stream.Highest), stream.Highest);
            Index(record, Append(record));
        }
    }

    /// <summary>An actor's events in a range of numbers, both ends inclusive, in order.</summary>
    public IReadOnlyList<(long Number, object Event, long Ticks)> Read(string id, long from, long to)
    {
        lock (_lock)
        {
            var found = new List<(long, object, long)>();
            if (!_streams.TryGetValue(id, out Stream? stream)) return found;
            from = Math.Max(from, stream.DeletedTo + 1);
            foreach ((long first, Offset offset) in stream.Records)
            {
                if (first > to) break;
                JournalRecord record = Parse(_log.Get(offset).Payload, offset);
                for (int i = 0; i < record.Events.Count; i++)
                {
                    long number = record.First + i;
                    if (number >= from && number <= to) found.Add((number, record.Events[i], record.Ticks));
                }
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();

    // A disk failure must not end the journal, which serves the whole process. Reopening moves the bytes of the failed
    // write to a separate file and cuts them from the log.
    private Offset Append(JournalRecord record)
    {
        if (_log.RefusesWritesBecause is not null) _log.Reopen();
        return _log.Append(record.ToPayload(), Durability.Fsync);
    }

    private void Index(JournalRecord record, Offset offset)
    {
        if (!_streams.TryGetValue(record.Id, out Stream? stream)) _streams[record.Id] = stream = new Stream();
        stream.Highest = Math.Max(stream.Highest, record.Highest);
        if (record.Events.Count > 0) stream.Records.Add(record.First, offset);
        stream.DeletedTo = Math.Max(stream.DeletedTo, record.DeletedTo);
        while (stream.Records.Count > 0 && EndOfFirst(stream) <= stream.DeletedTo) stream.Records.RemoveAt(0);
    }

    private static InvalidOperationException NumberInUse(JournalRecord record, long highest) => new(
        $"Can't store event {record.First} of '{record.Id}': the journal already contains events up to {highest}. " +
        "Two actors share that persistence id.");

    private static long EndOfFirst(Stream stream) =>
        (stream.Records.Count > 1 ? stream.Records.GetKeyAtIndex(1) : stream.Highest + 1) - 1;

    private long VoidBytes()
    {
        long live = 0;
        foreach (Stream stream in _streams.Values)
        {
            foreach (Offset offset in stream.Records.Values)
                live += _log.Next(offset).Value - offset.Value;
        }

        return Bytes - live;
    }

    private void CopyTo(OffsetLog copy)
    {
        foreach ((string id, Stream stream) in _streams)
        {
            foreach (Offset offset in stream.Records.Values)
                copy.Append(_log.Get(offset).Payload.ToArray(), Durability.Os);
            if (stream.DeletedTo > 0)
                copy.Append(JournalRecord.Delete(id, stream.DeletedTo, stream.Highest).ToPayload(), Durability.Os);
        }

        copy.Flush(Durability.Fsync);
    }

    private JournalRecord Parse(ReadOnlyMemory<byte> payload, Offset offset)
    {
        try
        {
            return JournalRecord.Parse(payload);
        }
        catch (Exception cause) when (
            cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"The record at offset {offset} of the journal {_log.Path} can't be read: {cause.Message} To start " +
                "without the journal, move the file away. Pauses, budgets, pending rebuilds and registered views are " +
                "lost then; nothing else is.", cause);
        }
    }

    /// <summary>The index of one actor's events: the number of each record's first event, and its offset.</summary>
    private sealed class Stream
    {
        public SortedList<long, Offset> Records { get; } = [];

        public long Highest { get; set; }

        public long DeletedTo { get; set; }
    }
}
