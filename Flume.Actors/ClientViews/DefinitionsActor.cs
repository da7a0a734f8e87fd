using Akka.Actor;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <summary>Stores the definitions of one identity's registered views across restarts.</summary>
internal sealed class DefinitionsActor : KeyedJournalActor<ViewDefined>
{
    private IActorRef _asker = ActorRefs.Nobody;

    public DefinitionsActor(string identity)
        : base($"flume-definitions-{identity}")
    {
        Command<GetDefinitions>(_ => Sender.Tell(new Definitions([.. LastByView.Values.Select(last => last.Definition!)])));
        Command<StoreDefinition>(OnStore);
    }

    /// <inheritdoc/>
    protected override string ViewOf(ViewDefined stored) => stored.View;

    /// <inheritdoc/>
    protected override bool IsEmpty(ViewDefined stored) => stored.Definition is null;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _asker.Tell(new StoreFailed(((ViewDefined)@event).View, $"It could not be made durable: {cause.Message}"));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void OnStore(StoreDefinition store)
    {
        _asker = Sender;
        Store(new ViewDefined(store.View, store.Definition), stored => _asker.Tell(new Stored(stored.View, stored.Definition)));
    }
}

/// <summary>The event of Akka.Persistence: the definition of a view; null when the view was removed.</summary>
internal sealed record ViewDefined(string View, ViewDefinition? Definition);
