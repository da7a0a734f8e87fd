using Akka.Actor;

namespace Akka.Persistence;

/// <summary>How far an actor recovers: from which snapshots, up to which event, and how many.</summary>
public sealed class Recovery
{
    public Recovery() : this(SnapshotSelectionCriteria.Latest, long.MaxValue, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot) : this(fromSnapshot, long.MaxValue, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr)
        : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot = null, long toSequenceNr = long.MaxValue,
        long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>From the latest snapshot, all events.</summary>
    public static Recovery Default { get; } = new(SnapshotSelectionCriteria.Latest);

    /// <summary>No snapshot and no events; the actor goes on counting where it was.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0L);

    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>Inclusive.</summary>
    public long ToSequenceNr { get; }

    public long ReplayMax { get; }
}

/// <summary>Given to an actor after the last event of its recovery. Persisting is allowed from here on.</summary>
public sealed class RecoveryCompleted
{
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }

    public override bool Equals(object obj) => obj is RecoveryCompleted;

    public override int GetHashCode() => nameof(RecoveryCompleted).Length;
}

/// <summary>Nothing came of a recovery for too long.</summary>
public sealed class RecoveryTimedOutException : AkkaException
{
    public RecoveryTimedOutException()
    {
    }

    public RecoveryTimedOutException(string message, Exception cause = null) : base(message, cause)
    {
    }
}

/// <summary>An actor that is recovered from events.</summary>
public interface IPersistenceRecovery
{
    Recovery Recovery { get; }
}

/// <summary>An actor that is known to a journal by an id.</summary>
public interface IPersistentIdentity
{
    /// <summary>Unique among all actors that ever use the journal.</summary>
    string PersistenceId { get; }

    /// <summary>Path of the journal's configuration; null is the default journal.</summary>
    string JournalPluginId { get; }

    /// <summary>Path of the snapshot store's configuration; null is the default store.</summary>
    string SnapshotPluginId { get; }
}
