using Akka.Actor;

namespace Akka.Persistence;

/// <summary>The answer to DeleteMessages: events up to the number are deleted.</summary>
public sealed class DeleteMessagesSuccess : IEquatable<DeleteMessagesSuccess>
{
    public DeleteMessagesSuccess(long toSequenceNr)
    {
        ToSequenceNr = toSequenceNr;
    }

    /// <summary>Inclusive.</summary>
    public long ToSequenceNr { get; }

    public bool Equals(DeleteMessagesSuccess other) => other is not null && ToSequenceNr == other.ToSequenceNr;

    public override bool Equals(object obj) => Equals(obj as DeleteMessagesSuccess);

    public override int GetHashCode() => ToSequenceNr.GetHashCode();

    public override string ToString() => $"DeleteMessagesSuccess<toSequenceNr: {ToSequenceNr}>";
}

/// <summary>The answer to DeleteMessages: they could not be deleted.</summary>
public sealed class DeleteMessagesFailure : INoSerializationVerificationNeeded
{
    public DeleteMessagesFailure(Exception cause, long toSequenceNr)
    {
        Cause = cause;
        ToSequenceNr = toSequenceNr;
    }

    public Exception Cause { get; }

    public long ToSequenceNr { get; }

    public override string ToString() => $"DeleteMessagesFailure<cause: {Cause}, toSequenceNr: {ToSequenceNr}>";
}

/// <summary>
/// Asks a journal to write. The answers carry the instance id, so that a restarted actor can tell its own.
/// </summary>
internal sealed record WriteMessages(IReadOnlyList<IPersistentEnvelope> Messages, IActorRef PersistentActor,
    int InstanceId);

/// <summary>The write was answered; the outcomes of its events came before.</summary>
internal sealed record WriteMessagesSuccessful
{
    public static readonly WriteMessagesSuccessful Instance = new();
}

/// <summary>The write failed; each event was told so before.</summary>
internal sealed record WriteMessagesFailed(Exception Cause);

/// <summary>An event is stored.</summary>
internal sealed record WriteMessageSuccess(IPersistentRepresentation Persistent, int InstanceId);

/// <summary>An event was refused before anything was stored.</summary>
internal sealed record WriteMessageRejected(IPersistentRepresentation Persistent, Exception Cause, int InstanceId);

/// <summary>Whether an event is stored is unknown.</summary>
internal sealed record WriteMessageFailure(IPersistentRepresentation Persistent, Exception Cause, int InstanceId);

/// <summary>A deferred message has its turn.</summary>
internal sealed record LoopMessageSuccess(object Message, int InstanceId);

/// <summary>Asks a journal for events; both ends inclusive.</summary>
internal sealed record ReplayMessages(long FromSequenceNr, long ToSequenceNr, long Max, string PersistenceId,
    IActorRef PersistentActor);

/// <summary>An event of a recovery.</summary>
internal sealed record ReplayedMessage(IPersistentRepresentation Persistent) : Event.IDeadLetterSuppression;

/// <summary>The events of a recovery have all come.</summary>
internal sealed record RecoverySuccess(long HighestSequenceNr) : Event.IDeadLetterSuppression;

/// <summary>The events of a recovery could not be read.</summary>
internal sealed record ReplayMessagesFailure(Exception Cause) : Event.IDeadLetterSuppression;

/// <summary>Asks a journal to delete events up to a number.</summary>
internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr, IActorRef PersistentActor);

/// <summary>Time has passed in a recovery.</summary>
internal sealed record RecoveryTick(bool Snapshot) : INotInfluenceReceiveTimeout;
