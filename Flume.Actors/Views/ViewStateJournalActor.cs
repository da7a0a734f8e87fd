using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <summary>Stores pauses, budgets and pending rebuilds of one identity's views across restarts.</summary>
/// <remarks>It answers when the state is durable.</remarks>
internal sealed class ViewStateJournalActor : KeyedJournalActor<OperatorStateChanged>
{
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
        Events.Error("{0} was done, but is lost at a restart: the journal failed: {1}", @event, cause.Message);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void OnPersist(PersistOperatorState persist)
    {
        IActorRef asker = Sender;
        if (LastByView.GetValueOrDefault(persist.View)?.OperatorState == persist.OperatorState) Answer();
        else Store(new OperatorStateChanged(persist.View, persist.OperatorState), _ => Answer());

        void Answer()
        {
            if (persist.Answer is not null) asker.Tell(persist.Answer);
        }
    }
}
