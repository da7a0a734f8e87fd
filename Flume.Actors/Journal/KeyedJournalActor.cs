using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Flume.Actors;

/// <summary>A persistent actor that keeps the last event of each view and removes older ones from its journal.</summary>
/// <remarks>
/// It is an actor of its own below the ViewCoordinatorActor, because a persistent actor stops when its journal fails: a
/// full disk must not stop the views.
/// </remarks>
/// <typeparam name="TEvent">The event that the journal stores.</typeparam>
internal abstract class KeyedJournalActor<TEvent> : ReceivePersistentActor
    where TEvent : class
{
    private const int EventsMax = 256;

    private readonly Dictionary<string, TEvent> _lastByView = new(StringComparer.Ordinal);
    private int _eventsStored;

    /// <param name="persistenceId">The name of the journal's stream.</param>
    protected KeyedJournalActor(string persistenceId)
    {
        PersistenceId = persistenceId;
        Recover<TEvent>(Apply);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => Events.Warning("Old events were not deleted: {0}", failed.Cause.Message));
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <summary>The log of the process.</summary>
    protected ILoggingAdapter Events { get; } = Context.GetLogger();

    /// <summary>The last event of each view.</summary>
    protected IReadOnlyDictionary<string, TEvent> LastByView => _lastByView;

    /// <summary>The view that an event is about.</summary>
    protected abstract string ViewOf(TEvent stored);

    /// <summary>True when nothing of the view needs to stay in the journal.</summary>
    protected virtual bool IsEmpty(TEvent stored) => false;

    /// <summary>Stores an event, then runs <paramref name="done"/>, when it is durable.</summary>
    protected void Store(TEvent next, Action<TEvent> done) => Persist(next, stored =>
    {
        Apply(stored);
        done(stored);
        CompactWhenLong();
    });

    private void CompactWhenLong()
    {
        if (_eventsStored <= EventsMax) return;
        _eventsStored = 0;
        long before = LastSequenceNr;
        TEvent[] all = [.. _lastByView.Values];
        if (all.Length > 0) PersistAll(all, Apply);
        DeferAsync(before, DeleteMessages);
    }

    private void Apply(TEvent stored)
    {
        if (IsEmpty(stored)) _lastByView.Remove(ViewOf(stored));
        else _lastByView[ViewOf(stored)] = stored;
        _eventsStored++;
    }
}
