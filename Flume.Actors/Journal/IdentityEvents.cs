using Flume.Log;

namespace Flume.Actors;

/// <summary>
/// Exports and imports the journal of one identity for backups: registered views, pauses, budgets and pending
/// rebuilds.
/// </summary>
public static class IdentityEvents
{
    /// <summary>The default path of the journal of a data directory.</summary>
    public static string JournalIn(string directory) => Path.Combine(directory, "journal.offset");

    /// <summary>
    /// The events of an identity, one JSON record each; empty without a journal. A server may run at the same time.
    /// </summary>
    /// <exception cref="LogException">The journal does not verify.</exception>
    public static IReadOnlyList<byte[]> Export(string journal, string identity)
    {
        if (!File.Exists(journal)) return [];
        using EventLog events = EventLog.Follow(journal);
        List<byte[]> records = [];
        foreach (string id in Ids(identity))
        {
            foreach ((long number, object @event, long ticks) in events.Read(id, 0, long.MaxValue))
                records.Add(JournalRecord.Write(id, number, ticks, [@event]).ToPayload().ToArray());
        }

        return records;
    }

    /// <summary>
    /// Stores exported events durably for an identity, also under another name. Existing events of that name become
    /// void. No other process may use the directory.
    /// </summary>
    /// <exception cref="LogException">The journal can't be written.</exception>
    public static void Import(string journal, string from, string to, IReadOnlyList<byte[]> records)
    {
        using EventLog events = EventLog.Open(journal, long.MaxValue);
        (string[] old, string[] ids) = (Ids(from), Ids(to));
        foreach (string id in ids) events.Delete(id, long.MaxValue);
        foreach (byte[] bytes in records)
        {
            JournalRecord record = JournalRecord.Parse(bytes);
            int at = Array.IndexOf(old, record.Id);
            if (at < 0) continue;
            events.Write(JournalRecord.Write(ids[at], events.Highest(ids[at]) + 1, record.Ticks, record.Events));
        }
    }

    private static string[] Ids(string identity) => [$"flume-views-{identity}", $"flume-definitions-{identity}"];
}
