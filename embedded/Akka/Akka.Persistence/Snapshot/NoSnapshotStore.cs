namespace Akka.Persistence.Snapshot;

/// <summary>Finds no snapshot and keeps none.</summary>
public sealed class NoSnapshotStore : SnapshotStore
{
    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken) => Task.FromResult<SelectedSnapshot>(null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot,
        CancellationToken cancellationToken) => Refuse();

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => Refuse();

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken) => Refuse();

    private static Task Refuse() => Task.FromException(new NoSnapshotStoreException("No snapshot store configured."));

    /// <summary>There is no snapshot store.</summary>
    public class NoSnapshotStoreException : Exception
    {
        public NoSnapshotStoreException()
        {
        }

        public NoSnapshotStoreException(string message) : base(message)
        {
        }

        public NoSnapshotStoreException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }
}
