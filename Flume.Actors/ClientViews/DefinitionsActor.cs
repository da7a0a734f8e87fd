using Akka.Actor;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <summary>Stores the definitions of one identity's registered views across restarts.</summary>
internal sealed class DefinitionsActor : KeyedJournalActor<ViewDefined>
{
    private (IActorRef Asker, string View) _storing = (ActorRefs.Nobody, "");

    public DefinitionsActor(string identity)
        : base($"flume-definitions-{identity}")
    {
        Command<GetDefinitions>(_ =>
            Sender.Tell(new Definitions([.. LastByView.Values.Select(last => last.Definition!)])));
        Command<StoreDefinition>(OnStore);
    }

    /// <inheritdoc/>
    protected override string ViewOf(ViewDefined stored) => stored.View;

    /// <inheritdoc/>
    protected override bool IsEmpty(ViewDefined stored) => stored.Definition is null;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Answer(new StoreFailed(_storing.View, $"The journal did not store the change: {cause.Message}"));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Answer(new StoreFailed(
            _storing.View, "The journal stopped while it stored the change, which may be stored. Read the view's "
            + "definition before trying again."));
        base.PostStop();
    }

    private void OnStore(StoreDefinition store)
    {
        _storing = (Sender, store.View);
        Store(
            new ViewDefined(store.View, store.Definition),
            stored => Answer(new Stored(stored.View, stored.Definition)));
    }

    private void Answer(object answer)
    {
        _storing.Asker.Tell(answer);
        _storing.Asker = ActorRefs.Nobody;
    }
}

/// <summary>The event of Akka.Persistence: the definition of a view; null when the view was removed.</summary>
internal sealed record ViewDefined(string View, ViewDefinition? Definition);
