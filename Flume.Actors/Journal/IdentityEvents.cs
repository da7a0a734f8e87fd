using Flume.Log;

namespace Flume.Actors;

/// <summary>
/// What the journal holds of one identity: registered views, pauses, budgets, pending rebuilds and deletions, as a backup
/// takes it.
/// </summary>
public static class IdentityEvents
{
    /// <summary>The journal of a data directory, unless the configuration names another file.</summary>
    public static string JournalIn(string directory) => Path.Combine(directory, "journal.offset");

    /// <summary>An identity's events, one JSON record each; empty when there is no journal. May run beside a server.</summary>
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
    /// The offsets of an identity's deletions that began and are not settled: rows of those records may be left. May run
    /// beside a server.
    /// </summary>
    /// <exception cref="LogException">The journal does not verify.</exception>
    public static IReadOnlyCollection<Offset> PendingDeletions(string journal, string identity)
    {
        HashSet<Offset> pending = [];
        if (!File.Exists(journal)) return pending;
        using EventLog events = EventLog.Follow(journal);
        foreach ((_, object @event, _) in events.Read(DeletionActor.IdPrefix + identity, 0, long.MaxValue))
        {
            if (@event is not DeletionNoted deletion) continue;
            if (deletion.IsSettled) pending.Remove(deletion.Offset);
            else pending.Add(deletion.Offset);
        }

        return pending;
    }

    /// <summary>
    /// Stores exported events for an identity, whose name may be another one, durably. Events that the journal has of an
    /// earlier identity of that name become void. The caller has the directory to itself.
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

    private static string[] Ids(string identity) =>
        [$"flume-views-{identity}", $"flume-definitions-{identity}", DeletionActor.IdPrefix + identity];
}
