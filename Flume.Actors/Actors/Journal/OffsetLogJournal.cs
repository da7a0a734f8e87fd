using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Flume.Actors;

/// <summary>Akka.Persistence on an offset log: Flume's own events, durable when acknowledged, with no further package.</summary>
/// <remarks>
/// Works on the calling thread: the plug-in's dispatcher may block, and a replay is short.
/// The base class's signatures changed in Akka.NET 1.5.42; the overrides stand in a file for each, and the project file
/// picks one.
/// </remarks>
public sealed partial class OffsetLogJournal : AsyncWriteJournal
{
    private readonly Lock _opening = new();
    private readonly string _path;
    private readonly long _compactBytes;
    private EventLog? _events;

    /// <summary>Made by Akka with the section <c>flume.journal</c>.</summary>
    public OffsetLogJournal(Config config)
    {
        _path = config.GetString("file", "");
        _compactBytes = config.GetLong("compact-bytes", 1 << 20);
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        return Done(() =>
        {
            foreach ((long number, object @event, long ticks) in Events.Read(persistenceId, fromSequenceNr, toSequenceNr))
            {
                if (max-- <= 0) break;
                recoveryCallback(new Persistent(
                    @event, number, persistenceId, manifest: "", isDeleted: false, ActorRefs.NoSender, writerGuid: "", ticks));
            }

            return true;
        });
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _events?.Dispose();
        base.PostStop();
    }

    private EventLog Events
    {
        get
        {
            lock (_opening) return _events ??= EventLog.Open(_path, _compactBytes);
        }
    }

    private Task<long> HighestAsync(string persistenceId) => Done(() => Events.Highest(persistenceId));

    private Task DeleteAsync(string persistenceId, long to) => Done(() =>
    {
        Events.Delete(persistenceId, to);
        return true;
    });

    /// <summary>One result a write: null, or why it was refused. A failing disk fails the whole call instead.</summary>
    private Task<IImmutableList<Exception?>> WriteAsync(IEnumerable<AtomicWrite> writes) =>
        Done<IImmutableList<Exception?>>(() => writes.Select(Write).ToImmutableList());

    private static Task<T> Done<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            return Task.FromException<T>(cause);
        }
    }

    private Exception? Write(AtomicWrite write)
    {
        var parts = (IImmutableList<IPersistentRepresentation>)write.Payload;
        var events = new List<object>(parts.Count);
        foreach (IPersistentRepresentation part in parts)
        {
            if (!EventCodec.Knows(part.Payload))
                return new NotSupportedException($"flume.journal stores Flume's own events; {part.Payload.GetType()} is none.");
            events.Add(part.Payload);
        }

        Events.Write(JournalRecord.Write(write.PersistenceId, write.LowestSequenceNr, parts[0].Timestamp, events));
        return null;
    }
}
