using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <summary>Stores pauses, budgets and pending rebuilds of one identity's views across restarts.</summary>
/// <remarks>It answers after the state is durable, or says that it is not.</remarks>
internal sealed class ViewStateJournalActor : KeyedJournalActor<OperatorStateChanged>
{
    private (IActorRef Asker, object? Answer) _storing = (ActorRefs.Nobody, null);

    public ViewStateJournalActor(string identity, IActorRef views)
        : base($"flume-views-{identity}")
    {
        Recover<RecoveryCompleted>(_ => views.Tell(new JournalRecovered()));
        Command<GetOperatorStates>(_ => Sender.Tell(
            new OperatorStates(LastByView.ToDictionary(pair => pair.Key, pair => pair.Value.OperatorState))));
        Command<PersistOperatorState>(OnPersist);
    }

    /// <inheritdoc/>
    protected override string ViewOf(OperatorStateChanged stored) => stored.View;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Events.Error("{0} took effect but is not stored: the journal failed: {1}", @event, cause.Message);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_storing.Answer is ViewOutcome done) _storing.Asker.Tell(DeadLetterResponder.NotStored(done));
        base.PostStop();
    }

    private void OnPersist(PersistOperatorState persist)
    {
        IActorRef asker = Sender;
        if (LastByView.GetValueOrDefault(persist.View)?.OperatorState == persist.OperatorState)
        {
            Answer();
            return;
        }

        _storing = (asker, persist.Answer);
        Store(new OperatorStateChanged(persist.View, persist.OperatorState), _ => Answer());

        void Answer()
        {
            _storing = (ActorRefs.Nobody, null);
            if (persist.Answer is not null) asker.Tell(persist.Answer);
        }
    }
}
