using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <summary>Remembers pauses, budgets and owed rebuilds of one identity's views across restarts.</summary>
/// <remarks>
/// An actor of its own below ViewCoordinatorActor, because a persistent actor stops when its journal fails: a full disk must not
/// stop the views. An answer is given when what it speaks of is durable, or says that it is not.
/// </remarks>
internal sealed class ViewStateJournalActor : ReceivePersistentActor
{
    private const int EventsMax = 256;

    private readonly Dictionary<string, ViewOperatorState> _memories = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private (IActorRef Asker, object? Answer) _storing = (ActorRefs.Nobody, null);
    private int _eventsStored;

    public ViewStateJournalActor(string identity, IActorRef views)
    {
        PersistenceId = $"flume-views-{identity}";
        Recover<OperatorStateChanged>(Apply);
        Recover<RecoveryCompleted>(_ => views.Tell(new RegistryRecovered()));
        Command<GetMemories>(_ => Sender.Tell(new Memories(new Dictionary<string, ViewOperatorState>(_memories))));
        Command<Remember>(OnRemember);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => _events.Warning("Old events were not deleted: {0}", failed.Cause.Message));
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _events.Error("{0} was done, but is forgotten at a restart: the journal failed: {1}", @event, cause.Message);
        if (_storing.Answer is ViewOutcome done) _storing.Asker.Tell(DeadLetterResponder.NotStored(done));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void OnRemember(Remember remember)
    {
        IActorRef asker = Sender;
        if (_memories.GetValueOrDefault(remember.View) == remember.Memory)
        {
            if (remember.Answer is not null) asker.Tell(remember.Answer);
            return;
        }

        _storing = (asker, remember.Answer);
        Persist(new OperatorStateChanged(remember.View, remember.Memory), stored =>
        {
            _storing = (ActorRefs.Nobody, null);
            Apply(stored);
            if (remember.Answer is not null) asker.Tell(remember.Answer);
            CompactWhenLong();
        });
    }

    private void CompactWhenLong()
    {
        if (_eventsStored <= EventsMax) return;
        _eventsStored = 0;
        long before = LastSequenceNr;
        PersistAll(_memories.Select(pair => new OperatorStateChanged(pair.Key, pair.Value)).ToArray(), Apply);
        DeferAsync(before, DeleteMessages);
    }

    private void Apply(OperatorStateChanged remembered)
    {
        _memories[remembered.View] = remembered.Memory;
        _eventsStored++;
    }
}
