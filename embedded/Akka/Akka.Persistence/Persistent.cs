using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Serialization;

namespace Akka.Persistence;

/// <summary>What a journal writes at once.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef Sender { get; }

    /// <summary>Number of events.</summary>
    int Size { get; }
}

/// <summary>An event as a journal stores it.</summary>
public interface IPersistentRepresentation : IMessage
{
    object Payload { get; }

    string Manifest { get; }

    string PersistenceId { get; }

    /// <summary>The actor's own count, from 1.</summary>
    long SequenceNr { get; }

    string WriterGuid { get; }

    bool IsDeleted { get; }

    IActorRef Sender { get; }

    long Timestamp { get; }

    IPersistentRepresentation WithPayload(object payload);

    IPersistentRepresentation WithManifest(string manifest);

    IPersistentRepresentation WithTimestamp(long timestamp);

    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender,
        string writerGuid);
}

/// <summary>An event with what a journal has to know of it.</summary>
public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    public Persistent(object payload, long sequenceNr = 0L, string persistenceId = null, string manifest = null,
        bool isDeleted = false, IActorRef sender = null, string writerGuid = null, long timestamp = 0L)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    /// <summary>What stands where nothing is known.</summary>
    public static string Undefined { get; } = string.Empty;

    public object Payload { get; }

    public string Manifest { get; }

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    public string WriterGuid { get; }

    public bool IsDeleted { get; }

    public IActorRef Sender { get; }

    public long Timestamp { get; }

    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithManifest(string manifest) => manifest == Manifest
        ? this
        : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithTimestamp(long newTimestamp) => newTimestamp == Timestamp
        ? this
        : new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender,
        string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    public bool Equals(IPersistentRepresentation other) => other is not null && Equals(Payload, other.Payload)
        && Manifest == other.Manifest && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr
        && WriterGuid == other.WriterGuid && IsDeleted == other.IsDeleted && Equals(Sender, other.Sender)
        && Timestamp == other.Timestamp;

    public override bool Equals(object obj) => Equals(obj as IPersistentRepresentation);

    public override int GetHashCode() => HashCode.Combine(Payload, PersistenceId, SequenceNr, WriterGuid);

    public override string ToString() =>
        $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, deleted: {IsDeleted}, manifest: {Manifest}, "
            + $"payload: {Payload}>";
}

/// <summary>Events that a journal writes all or none of.</summary>
public sealed class AtomicWrite : IPersistentEnvelope, IMessage
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    public AtomicWrite(IPersistentRepresentation @event) : this(ImmutableArray.Create(@event))
    {
    }

    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is not { Count: > 0 })
            throw new ArgumentException("Could not make an atomic write: there is no event in it.", nameof(payload));
        if (payload.Any(p => p.PersistenceId != payload[0].PersistenceId))
            throw new ArgumentException("Could not make an atomic write: its events are of different persistence ids.",
                nameof(payload));
        _events = payload;
    }

    /// <summary>The events: a list of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload => _events;

    public IActorRef Sender => ActorRefs.NoSender;

    public int Size => _events.Count;

    public string PersistenceId => _events[0].PersistenceId;

    public long LowestSequenceNr => _events[0].SequenceNr;

    public long HighestSequenceNr => _events[^1].SequenceNr;

    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, {LowestSequenceNr}..{HighestSequenceNr}>";
}

/// <summary>A message that takes its turn among the events without being stored.</summary>
internal sealed record NonPersistentMessage(object Payload, IActorRef Sender) : IPersistentEnvelope
{
    public int Size => 1;
}
