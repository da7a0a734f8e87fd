using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <summary>An actor whose state is made of events that a journal keeps: recovery replays them.</summary>
/// <remarks>
/// 1. <c>_pending</c> holds a handler for each event that is with the journal or in <c>_eventBatch</c>, in the order of
///    persisting.
/// 2. One write is with the journal at a time; what is persisted meanwhile gathers in <c>_journalBatch</c>.
/// 3. While a stashing handler is pending, commands wait in <c>_internalStash</c>.
/// 4. Sequence numbers count from 1 without gaps, as long as no event is rejected.
/// </remarks>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceRecovery, IWithUnboundedStash
{
    /// <summary>Keeps what recovery sends out of a restarted actor's mailbox.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate =
        static envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    private static int s_instances;

    private readonly int _instanceId = Interlocked.Increment(ref s_instances);
    private readonly string _writerGuid = Guid.NewGuid().ToString();
    private readonly Queue<PendingHandler> _pending = new();
    private readonly List<IPersistentEnvelope> _eventBatch = [];
    private readonly IStash _internalStash;
    private List<IPersistentEnvelope> _journalBatch = [];
    private bool _isWriteInProgress;
    private bool _asyncTaskRunning;
    private int _pendingStashing;
    private long _sequenceNr;
    private IStash _stash;
    private IActorRef _journal;
    private IActorRef _snapshotStore;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _internalStash = Context.CreateStash(this);
        Log = Context.GetLogger();
    }

    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery => Recovery.Default;

    public string JournalPluginId { get; protected set; }

    public string SnapshotPluginId { get; protected set; }

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    public string SnapshotterId => PersistenceId;

    /// <summary>The number of the last event that was replayed or handled.</summary>
    public long LastSequenceNr { get; private set; }

    public long SnapshotSequenceNr => LastSequenceNr;

    public bool IsRecovering => _state == null || _state.IsRecovering;

    public bool IsRecoveryFinished => !IsRecovering;

    public IStash Stash
    {
        get => _stash;
        set => _stash = new InternalStashAwareStash(value, _internalStash);
    }

    protected PersistenceExtension Extension { get; }

    protected virtual ILoggingAdapter Log { get; }

    /// <summary>
    /// Takes an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/> of the recovery.
    /// </summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Takes a command.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores an event and then calls the handler; other commands wait until it was.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) =>
        Store(@event, PendingHandler.Of(true, handler));

    /// <summary>The same with a handler that works asynchronously.</summary>
    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        Store(@event, PendingHandler.Of(true, handler));

    /// <summary>Stores events all or none, and then calls the handler for each; other commands wait.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        StoreAll(events, PendingHandler.Of(true, handler));

    /// <summary>The same with a handler that works asynchronously.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        StoreAll(events, PendingHandler.Of(true, handler));

    /// <summary>Stores an event and then calls the handler; commands go on being handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) =>
        Store(@event, PendingHandler.Of(false, handler));

    /// <summary>The same with a handler that works asynchronously.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        Store(@event, PendingHandler.Of(false, handler));

    /// <summary>
    /// Stores events all or none, and then calls the handler for each; commands go on being handled meanwhile.
    /// </summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        StoreAll(events, PendingHandler.Of(false, handler));

    /// <summary>The same with a handler that works asynchronously.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        StoreAll(events, PendingHandler.Of(false, handler));

    /// <summary>
    /// Calls the handler when the handlers of all events persisted before were called; nothing is stored.
    /// </summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pending.Count == 0)
            handler(evt);
        else
            Defer(evt, PendingHandler.Of(false, handler));
    }

    /// <summary>The same with a handler that works asynchronously.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Func<TEvent, Task> handler)
    {
        RefuseWhileRecovering();
        if (_pending.Count == 0)
            RunTask(() => handler(evt));
        else
            Defer(evt, PendingHandler.Of(false, handler));
    }

    /// <summary>
    /// Deletes events up to a number, inclusive; answered by DeleteMessagesSuccess or DeleteMessagesFailure.
    /// </summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr != long.MaxValue && toSequenceNr > LastSequenceNr)
            Self.Tell(new DeleteMessagesFailure(new InvalidOperationException(
                $"toSequenceNr [{toSequenceNr}] must be less than or equal to LastSequenceNr [{LastSequenceNr}]"),
                    toSequenceNr));
        else
            Journal.Tell(new DeleteMessagesTo(PersistenceId, Math.Min(toSequenceNr, LastSequenceNr), Self));
    }

    /// <summary>Looks for a snapshot; answered as in a recovery.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <summary>
    /// Keeps a snapshot of the state after the last event; answered by SaveSnapshotSuccess or SaveSnapshotFailure.
    /// </summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(new SaveSnapshot(
        new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Context.System.Scheduler.Now.UtcDateTime), snapshot));

    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)));

    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    /// <summary>Called when it is not known whether an event was stored; the actor is stopped afterwards.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(cause,
        "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(),
            sequenceNr,
        PersistenceId);

    /// <summary>Called when an event was refused by the journal; the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Log.Error(cause,
        "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].",
        @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>Called when the recovery failed; the actor is stopped afterwards.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object message = null)
    {
        if (message != null)
            Log.Error(reason,
                "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for "
                + "persistenceId [{2}]", message.GetType(), LastSequenceNr, PersistenceId);
        else
            Log.Error(reason,
                "Persistence failure when replaying events for persistenceId [{0}]. Last known sequence number [{1}]",
                PersistenceId, LastSequenceNr);
    }

    /// <summary>Called when the last event was replayed, before <see cref="RecoveryCompleted"/>.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    private void Store(object @event, PendingHandler handler)
    {
        RefuseWhileRecovering();
        Expect(handler);
        _eventBatch.Add(new AtomicWrite(NewEvent(@event)));
    }

    private void StoreAll<TEvent>(IEnumerable<TEvent> events, PendingHandler handler)
    {
        RefuseWhileRecovering();
        if (events == null)
            return;
        var written = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            Expect(handler);
            written.Add(NewEvent(@event));
        }
        if (written.Count > 0)
            _eventBatch.Add(new AtomicWrite(written.ToImmutable()));
    }

    private void Defer(object message, PendingHandler handler)
    {
        Expect(handler);
        _eventBatch.Add(new NonPersistentMessage(message, Sender));
    }

    private void Expect(PendingHandler handler)
    {
        _pending.Enqueue(handler);
        if (handler.Stashing)
            _pendingStashing++;
    }

    private Persistent NewEvent(object @event) =>
        new(@event, ++_sequenceNr, PersistenceId, sender: Sender, writerGuid: _writerGuid);

    private void RefuseWhileRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException(
                "Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }
}
