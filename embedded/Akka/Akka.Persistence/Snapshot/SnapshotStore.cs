using Akka.Actor;
using Akka.Persistence.Internal;

namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store: an actor that keeps, finds and deletes snapshots by asynchronous calls.</summary>
public abstract class SnapshotStore : ActorBase
{
    private readonly PluginBreaker _breaker;

    protected SnapshotStore()
    {
        Persistence.Instance.Apply(Context.System);
        var config = PersistenceExtension.ConfigOf(Context.System, Context.Self.Path.Name, isJournal: false);
        _breaker = new PluginBreaker(config, Context.System.Scheduler);
    }

    protected sealed override bool Receive(object message)
    {
        var (self, asker) = (Self, Sender);
        switch (message)
        {
            case LoadSnapshot load when load.Criteria.Equals(SnapshotSelectionCriteria.None):
                asker.Tell(new LoadSnapshotResult(null, load.ToSequenceNr), self);
                return true;
            case LoadSnapshot load:
                _breaker.Call(t => LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr), t))
                    .PipeTo(asker, self, s => new LoadSnapshotResult(s, load.ToSequenceNr),
                        e => new LoadSnapshotFailed(e));
                return true;
            case SaveSnapshot save:
                _breaker.Call(t => SaveAsync(save.Metadata, save.Snapshot, t)).PipeTo(asker, self,
                    _ => new SaveSnapshotSuccess(save.Metadata), e => new SaveSnapshotFailure(save.Metadata, e));
                return true;
            case DeleteSnapshot delete:
                _breaker.Call(t => DeleteAsync(delete.Metadata, t)).PipeTo(asker, self,
                    _ => new DeleteSnapshotSuccess(delete.Metadata),
                    e => new DeleteSnapshotFailure(delete.Metadata, e));
                return true;
            case DeleteSnapshots delete:
                _breaker.Call(t => DeleteAsync(delete.PersistenceId, delete.Criteria, t)).PipeTo(asker, self,
                    _ => new DeleteSnapshotsSuccess(delete.Criteria),
                    e => new DeleteSnapshotsFailure(delete.Criteria, e));
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    /// <summary>Handles messages of the store's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <summary>Finds the latest snapshot that fits, or null.</summary>
    protected abstract Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken);

    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken);

    protected abstract Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken);

    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken);
}
