using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Flume.Actors;

/// <summary>A journal of Akka.Persistence on an offset log: stores Flume's events, durable when acknowledged.</summary>
/// <remarks>
/// It works on the calling thread: the dispatcher of the plug-in may block, and a replay is short. A write ignores its
/// cancellation token, because an interrupted write would have an unknown outcome.
/// </remarks>
public sealed class OffsetLogJournal : AsyncWriteJournal
{
    private readonly Lock _openLock = new();
    private readonly string _path;
    private readonly long _compactBytes;
    private EventLog? _events;

    /// <summary>Akka creates it with the section <c>flume.journal</c>.</summary>
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
            foreach ((long number, object @event, long ticks) in
                Events.Read(persistenceId, fromSequenceNr, toSequenceNr))
            {
                if (max-- <= 0) break;
                recoveryCallback(new Persistent(
                    @event, number, persistenceId, manifest: "", isDeleted: false, ActorRefs.NoSender, writerGuid: "",
                    ticks));
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        Done(() => Events.Highest(persistenceId));

    /// <summary>
    /// One result for each write: null, or the reason of its refusal. A disk failure fails the whole call.
    /// </summary>
    protected override Task<IImmutableList<Exception?>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        Done<IImmutableList<Exception?>>(() => messages.Select(Write).ToImmutableList());

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Done(() =>
    {
        Events.Delete(persistenceId, toSequenceNr);
        return true;
    });

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
            lock (_openLock) return _events ??= EventLog.Open(_path, _compactBytes);
        }
    }


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
                return new NotSupportedException(
                    $"flume.journal stores only Flume's events; {part.Payload.GetType()} is not one of them.");
            events.Add(part.Payload);
        }

        Events.Write(JournalRecord.Write(write.PersistenceId, write.LowestSequenceNr, parts[0].Timestamp, events));
        return null;
    }
}
