using System.Text.Json;
using Flume.Log;

namespace Flume.Actors;

/// <summary>The events of many persistent actors in one offset log, with an index in memory.</summary>
/// <remarks>
/// 1. An event is stored when its record is on the device (fsync); a torn end is cut at opening, like that of any log.
/// 2. The numbers of one actor's events go up by one; the highest is remembered when events are deleted.
/// 3. The index is a pure function of the log. All members may be called from any thread: Akka replays beside writing.
/// </remarks>
internal sealed class EventLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private readonly OffsetLog _log;

    private EventLog(OffsetLog log)
    {
        _log = log;
        LogCursor cursor = log.Read(LogRange.All);
        while (cursor.MoveNext()) Index(Parse(cursor.Current.Payload, cursor.Current.Offset), cursor.Current.Offset);
    }

    /// <summary>Opens the file, or creates it. Void events beyond <paramref name="compactBytes"/> are removed first.</summary>
    /// <exception cref="LogException">The file can't be opened.</exception>
    public static EventLog Open(string path, long compactBytes)
    {
        var events = new EventLog(OffsetLog.Open(path));
        if (events.VoidBytes() <= compactBytes) return events;
        string fresh = path + ".compact";
        File.Delete(fresh);
        using (OffsetLog copy = OffsetLog.Open(fresh)) events.CopyTo(copy);
        events.Dispose();
        File.Move(fresh, path, overwrite: true);
        Libc.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new EventLog(OffsetLog.Open(path));
    }

    /// <summary>Bytes of the file.</summary>
    public long Bytes => _log.EndPosition;

    /// <summary>The number of the last event ever stored for an actor; 0 for none.</summary>
    public long Highest(string id)
    {
        lock (_lock) return _streams.TryGetValue(id, out Stream? stream) ? stream.Highest : 0;
    }

    /// <summary>Stores an atomic write durably.</summary>
    /// <exception cref="InvalidOperationException">Its first number is not the next one: two writers share an id.</exception>
    /// <exception cref="LogException">It could not be written.</exception>
    public void Write(JournalRecord record)
    {
        lock (_lock)
        {
            long highest = Highest(record.Id);
            if (record.First <= highest) throw Doubled(record, highest);
            Index(record, _log.Append(record.ToPayload(), Durability.Fsync));
        }
    }

    /// <summary>Makes an actor's events up to a number (inclusive) void, durably.</summary>
    public void Delete(string id, long to)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(id, out Stream? stream)) return;
            JournalRecord record = JournalRecord.Delete(id, Math.Min(to, stream.Highest), stream.Highest);
            Index(record, _log.Append(record.ToPayload(), Durability.Fsync));
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

    private void Index(JournalRecord record, Offset offset)
    {
        if (!_streams.TryGetValue(record.Id, out Stream? stream)) _streams[record.Id] = stream = new Stream();
        stream.Highest = Math.Max(stream.Highest, record.Highest);
        if (record.Events.Count > 0) stream.Records.Add(record.First, offset);
        stream.DeletedTo = Math.Max(stream.DeletedTo, record.DeletedTo);
        while (stream.Records.Count > 0 && EndOfFirst(stream) <= stream.DeletedTo) stream.Records.RemoveAt(0);
    }

    private static InvalidOperationException Doubled(JournalRecord record, long highest) => new(
        $"Can't store event {record.First} of '{record.Id}': the journal holds {highest} already. Two actors share " +
        "that persistence id.");

    private static long EndOfFirst(Stream stream) =>
        (stream.Records.Count > 1 ? stream.Records.GetKeyAtIndex(1) : stream.Highest + 1) - 1;

    private long VoidBytes()
    {
        long live = 0;
        foreach (Stream stream in _streams.Values)
        {
            foreach (Offset offset in stream.Records.Values) live += _log.Next(offset).Value - offset.Value;
        }

        return Bytes - live;
    }

    private void CopyTo(OffsetLog copy)
    {
        foreach ((string id, Stream stream) in _streams)
        {
            foreach (Offset offset in stream.Records.Values) copy.Append(_log.Get(offset).Payload.ToArray(), Durability.Os);
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
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"The record at offset {offset} of the journal {_log.Path} can't be read: {cause.Message} Move the file away " +
                "to start without it: pauses, budgets, owed rebuilds and registered views are then forgotten, and nothing else.", cause);
        }
    }

    /// <summary>Where one actor's events lie: the number of the first event of each record, and its offset.</summary>
    private sealed class Stream
    {
        public SortedList<long, Offset> Records { get; } = [];

        public long Highest { get; set; }

        public long DeletedTo { get; set; }
    }
}
