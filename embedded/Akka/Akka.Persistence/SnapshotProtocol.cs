using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Which snapshot: of whom, after which event, when.</summary>
public sealed class SnapshotMetadata : IEquatable<SnapshotMetadata>
{
    public SnapshotMetadata(string persistenceId, long sequenceNr) : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }

    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    /// <summary>UTC.</summary>
    public DateTime Timestamp { get; }

    public bool Equals(SnapshotMetadata other) => other is not null && PersistenceId == other.PersistenceId
        && SequenceNr == other.SequenceNr && Timestamp == other.Timestamp;

    public override bool Equals(object obj) => Equals(obj as SnapshotMetadata);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    public override string ToString() => FormattableString.Invariant(
        $"SnapshotMetadata<pid: {PersistenceId}, seqNr: {SequenceNr}, timestamp: {Timestamp:s}>");
}

/// <summary>Given to an actor first in its recovery, if there is a snapshot.</summary>
public sealed class SnapshotOffer : IEquatable<SnapshotOffer>
{
    public SnapshotOffer(SnapshotMetadata metadata, object snapshot)
    {
        Metadata = metadata;
        Snapshot = snapshot;
    }

    public SnapshotMetadata Metadata { get; }

    public object Snapshot { get; }

    public bool Equals(SnapshotOffer other) =>
        other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    public override bool Equals(object obj) => Equals(obj as SnapshotOffer);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SnapshotOffer<metadata: {Metadata}, snapshot: {Snapshot}>";
}

/// <summary>A snapshot that a store found.</summary>
public sealed class SelectedSnapshot
{
    public SelectedSnapshot(SnapshotMetadata metadata, object snapshot)
    {
        Metadata = metadata;
        Snapshot = snapshot;
    }

    public SnapshotMetadata Metadata { get; }

    public object Snapshot { get; }
}

/// <summary>The answer to SaveSnapshot: it is stored.</summary>
public sealed class SaveSnapshotSuccess : INoSerializationVerificationNeeded
{
    public SaveSnapshotSuccess(SnapshotMetadata metadata)
    {
        Metadata = metadata;
    }

    public SnapshotMetadata Metadata { get; }

    public override string ToString() => $"SaveSnapshotSuccess<{Metadata}>";
}

/// <summary>The answer to SaveSnapshot: it could not be stored.</summary>
public sealed class SaveSnapshotFailure : INoSerializationVerificationNeeded
{
    public SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    {
        Metadata = metadata;
        Cause = cause;
    }

    public SnapshotMetadata Metadata { get; }

    public Exception Cause { get; }

    public override string ToString() => $"SaveSnapshotFailure<{Metadata}, cause: {Cause}>";
}

/// <summary>The answer to DeleteSnapshot: it is deleted.</summary>
public sealed class DeleteSnapshotSuccess : INoSerializationVerificationNeeded
{
    public DeleteSnapshotSuccess(SnapshotMetadata metadata)
    {
        Metadata = metadata;
    }

    public SnapshotMetadata Metadata { get; }

    public override string ToString() => $"DeleteSnapshotSuccess<{Metadata}>";
}

/// <summary>The answer to DeleteSnapshot: it could not be deleted.</summary>
public sealed class DeleteSnapshotFailure : INoSerializationVerificationNeeded
{
    public DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    {
        Metadata = metadata;
        Cause = cause;
    }

    public SnapshotMetadata Metadata { get; }

    public Exception Cause { get; }

    public override string ToString() => $"DeleteSnapshotFailure<{Metadata}, cause: {Cause}>";
}

/// <summary>The answer to DeleteSnapshots: they are deleted.</summary>
public sealed class DeleteSnapshotsSuccess : INoSerializationVerificationNeeded
{
    public DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria)
    {
        Criteria = criteria;
    }

    public SnapshotSelectionCriteria Criteria { get; }

    public override string ToString() => $"DeleteSnapshotsSuccess<{Criteria}>";
}

/// <summary>The answer to DeleteSnapshots: they could not be deleted.</summary>
public sealed class DeleteSnapshotsFailure : INoSerializationVerificationNeeded
{
    public DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause)
    {
        Criteria = criteria;
        Cause = cause;
    }

    public SnapshotSelectionCriteria Criteria { get; }

    public Exception Cause { get; }

    public override string ToString() => $"DeleteSnapshotsFailure<{Criteria}, cause: {Cause}>";
}

/// <summary>Asks a store for a snapshot up to a number, inclusive.</summary>
internal sealed record LoadSnapshot(string PersistenceId, SnapshotSelectionCriteria Criteria, long ToSequenceNr);

/// <summary>A store's answer; no snapshot if there is none.</summary>
internal sealed record LoadSnapshotResult(SelectedSnapshot Snapshot, long ToSequenceNr);

/// <summary>The store could not look.</summary>
internal sealed record LoadSnapshotFailed(Exception Cause);

/// <summary>Asks a store to keep a snapshot.</summary>
internal sealed record SaveSnapshot(SnapshotMetadata Metadata, object Snapshot);

/// <summary>Asks a store to delete a snapshot.</summary>
internal sealed record DeleteSnapshot(SnapshotMetadata Metadata);

/// <summary>Asks a store to delete snapshots.</summary>
internal sealed record DeleteSnapshots(string PersistenceId, SnapshotSelectionCriteria Criteria);
