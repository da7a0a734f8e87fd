namespace Akka.Persistence.Snapshot;

/// <summary>Keeps snapshots in memory.</summary>
/// <remarks>1. <c>_snapshots</c> belongs to the store's turn: no call of it awaits anything.</remarks>
public class MemorySnapshotStore : SnapshotStore
{
    private readonly List<SelectedSnapshot> _snapshots = [];

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken) => Task.FromResult(_snapshots
            .Where(s => s.Metadata.PersistenceId == persistenceId && criteria.Matches(s.Metadata))
            .MaxBy(s => s.Metadata.SequenceNr));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        _snapshots.RemoveAll(s => IsOf(s, metadata));
        _snapshots.Add(new SelectedSnapshot(metadata, snapshot));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        _snapshots.RemoveAll(s => IsOf(s, metadata));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken)
    {
        _snapshots.RemoveAll(s => s.Metadata.PersistenceId == persistenceId && criteria.Matches(s.Metadata));
        return Task.CompletedTask;
    }

    private static bool IsOf(SelectedSnapshot snapshot, SnapshotMetadata metadata) =>
        snapshot.Metadata.PersistenceId == metadata.PersistenceId
            && snapshot.Metadata.SequenceNr == metadata.SequenceNr;
}
