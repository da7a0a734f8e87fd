using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Keeps events in memory.</summary>
/// <remarks>1. An id's list is guarded by itself; its highest number stays known when its events are deleted.</remarks>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, Events> _events = new();

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) => Task.FromResult(HighestSequenceNr(persistenceId));

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr,
        long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var stored in Read(persistenceId, fromSequenceNr, toSequenceNr, max))
            recoveryCallback(stored);
        return Task.CompletedTask;
    }

    /// <summary>The highest number ever used, or 0.</summary>
    public long HighestSequenceNr(string pid) => _events.TryGetValue(pid, out var events) ? events.Highest : 0L;

    /// <summary>Events with numbers in the range, both ends inclusive.</summary>
    public IEnumerable<IPersistentRepresentation> Read(string pid, long from, long to, long max)
    {
        if (!_events.TryGetValue(pid, out var events))
            return [];
        lock (events)
            return events.Stored.Where(e => e.SequenceNr >= from && e.SequenceNr <= to)
                .Take((int)Math.Min(max, int.MaxValue)).ToList();
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            var events = _events.GetOrAdd(write.PersistenceId, static _ => new Events());
            lock (events)
            {
                events.Stored.AddRange((IImmutableList<IPersistentRepresentation>)write.Payload);
                events.Highest = Math.Max(events.Highest, write.HighestSequenceNr);
            }
        }
        return Task.FromResult<IImmutableList<Exception>>(null);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        if (_events.TryGetValue(persistenceId, out var events))
        {
            lock (events)
                events.Stored.RemoveAll(e => e.SequenceNr <= toSequenceNr);
        }
        return Task.CompletedTask;
    }

    private sealed class Events
    {
        public List<IPersistentRepresentation> Stored { get; } = [];

        public long Highest { get; set; }
    }
}
