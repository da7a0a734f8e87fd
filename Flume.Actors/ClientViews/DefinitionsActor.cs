using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <summary>Remembers which views were registered with one identity, across restarts.</summary>
/// <remarks>As <see cref="ViewStateJournalActor"/>, an actor of its own: a journal that fails stops it,
/// and no view.</remarks>
internal sealed class DefinitionsActor : ReceivePersistentActor
{
    private const int EventsMax = 256;

    private readonly Dictionary<string, ViewDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private IActorRef _asker = ActorRefs.Nobody;
    private int _eventsStored;

    public DefinitionsActor(string identity)
    {
        PersistenceId = $"flume-definitions-{identity}";
        Recover<ViewDefined>(Apply);
        Command<GetDefinitions>(_ => Sender.Tell(new Definitions([.. _definitions.Values])));
        Command<StoreDefinition>(OnStore);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed =>
            _events.Warning("Old events were not deleted: {0}", failed.Cause.Message));
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _asker.Tell(new StoreFailed(((ViewDefined)@event).View, $"It could not be made durable: {cause.Message}"));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void OnStore(StoreDefinition store)
    {
        _asker = Sender;
        Persist(new ViewDefined(store.View, store.Definition), stored =>
        {
            Apply(stored);
            _asker.Tell(new Stored(stored.View, stored.Definition));
            CompactWhenLong();
        });
    }

    private void CompactWhenLong()
    {
        if (_eventsStored <= EventsMax) return;
        _eventsStored = 0;
        long before = LastSequenceNr;
        ViewDefined[] all = [.. _definitions.Values.Select(definition => new ViewDefined(definition.Name, definition))];
        if (all.Length > 0) PersistAll(all, Apply);
        DeferAsync(before, DeleteMessages);
    }

    private void Apply(ViewDefined defined)
    {
        if (defined.Definition is { } definition) _definitions[defined.View] = definition;
        else _definitions.Remove(defined.View);
        _eventsStored++;
    }
}

/// <summary>The event of Akka.Persistence: from now on the view is this, or is no more.</summary>
internal sealed record ViewDefined(string View, ViewDefinition? Definition);
