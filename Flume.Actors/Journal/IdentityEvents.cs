using Flume.Log;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors;

/// <summary>
/// Exports and imports the journal of one identity for backups: registered views, pauses, budgets, pending rebuilds and
/// deletions.
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
    /// The offsets of an identity's deletions that began and did not end: rows of those records may be left. May run
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

    /// <summary>
    /// The views that are declared by a query and registered with an identity. May run beside a server.
    /// </summary>
    /// <exception cref="LogException">The journal does not verify.</exception>
    public static IReadOnlyList<IView> DeclaredViews(string journal, string identity)
    {
        if (!File.Exists(journal)) return [];
        using EventLog events = EventLog.Follow(journal);
        Dictionary<string, ViewDefinition?> defined = [];
        foreach ((_, object @event, _) in events.Read(Ids(identity)[1], 0, long.MaxValue))
            if (@event is ViewDefined view) defined[view.View] = view.Definition;
        return
        [
            .. defined.Values.OfType<ViewDefinition>().Where(definition => definition.Kind == ViewKind.Declared)
                .Select(definition => definition.ToView(RegisteredLimits.Default)),
        ];
    }

    private static string[] Ids(string identity) =>
        [$"flume-views-{identity}", $"flume-definitions-{identity}", DeletionActor.IdPrefix + identity];
}
