using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Internal;

namespace Akka.Persistence.Journal;

/// <summary>A journal: an actor that writes, reads and deletes events by asynchronous calls.</summary>
/// <remarks>
/// 1. The synchronous part of each call runs on the journal's dispatcher, one at a time; what follows an await need not.
/// 2. An actor asks for its next write when it was told the outcome of the one before. That is told last, after the outcomes of
///    the single events: so these can not be overtaken by those of the next write.
/// </remarks>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    private readonly PluginBreaker _breaker;

    protected AsyncWriteJournal()
    {
        Persistence.Instance.Apply(Context.System);
        var config = PersistenceExtension.ConfigOf(Context.System, Context.Self.Path.Name, isJournal: true);
        _breaker = new PluginBreaker(config, Context.System.Scheduler);
    }

    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr,
        long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>Writes, each atomic write wholly or not at all, in this order.</summary>
    /// <returns>
    /// Null when all is stored; else one entry for each atomic write: null when it is stored, or why it was refused before
    /// anything of it was stored. When it is not known what is stored, the task fails.
    /// </returns>
    protected abstract Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes events up to a number, inclusive. The highest number stays known.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                _ = Write(write, Self);
                return true;
            case ReplayMessages replay:
                _ = Replay(replay, Self, Context);
                return true;
            case DeleteMessagesTo delete:
                _ = Delete(delete, Self);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Handles messages of the journal's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected static Exception TryUnwrapException(Exception e) =>
        e is AggregateException aggregate && aggregate.Flatten().InnerExceptions is [var only] ? only : e;

    private async Task Write(WriteMessages write, IActorRef self)
    {
        var writes = PreparePersistentBatch(write.Messages).ToList();
        try
        {
            var results = writes.Count == 0 ? null
                : await _breaker.Call(_ => WriteMessagesAsync(writes)).ConfigureAwait(false);
            if (results != null && results.Count != writes.Count)
                throw new InvalidOperationException(
                    $"{GetType()} answered a write of {writes.Count} atomic writes with {results.Count} results. Expected as many.");
            Answer(write, self, (e, number) => results?[number] is { } cause
                ? new WriteMessageRejected(e, cause, write.InstanceId)
                : new WriteMessageSuccess(e, write.InstanceId));
            write.PersistentActor.Tell(WriteMessagesSuccessful.Instance, self);
        }
        catch (Exception e)
        {
            var cause = TryUnwrapException(e);
            Answer(write, self, (p, _) => new WriteMessageFailure(p, cause, write.InstanceId));
            write.PersistentActor.Tell(new WriteMessagesFailed(cause), self);
        }
    }

    private static void Answer(WriteMessages write, IActorRef self, Func<IPersistentRepresentation, int, object> outcome)
    {
        var number = 0;
        foreach (var envelope in write.Messages)
        {
            if (envelope is not AtomicWrite atomic)
            {
                write.PersistentActor.Tell(new LoopMessageSuccess(envelope.Payload, write.InstanceId), envelope.Sender);
                continue;
            }
            foreach (var written in (IImmutableList<IPersistentRepresentation>)atomic.Payload)
                write.PersistentActor.Tell(outcome(written, number), written.Sender);
            number++;
        }
    }

    private async Task Replay(ReplayMessages replay, IActorRef self, IActorContext context)
    {
        try
        {
            var from = Math.Max(0L, replay.FromSequenceNr - 1);
            var highest = await _breaker.Call(_ => ReadHighestSequenceNrAsync(replay.PersistenceId, from))
                .ConfigureAwait(false);
            var to = Math.Min(replay.ToSequenceNr, highest);
            if (to > 0L && replay.FromSequenceNr <= to)
                await ReplayMessagesAsync(context, replay.PersistenceId, replay.FromSequenceNr, to, replay.Max, e =>
                {
                    if (!e.IsDeleted)
                        replay.PersistentActor.Tell(new ReplayedMessage(e), ActorRefs.NoSender);
                }).ConfigureAwait(false);
            replay.PersistentActor.Tell(new RecoverySuccess(highest), self);
        }
        catch (Exception e)
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(TryUnwrapException(e)), self);
        }
    }

    private async Task Delete(DeleteMessagesTo delete, IActorRef self)
    {
        try
        {
            await _breaker.Call(_ => DeleteMessagesToAsync(delete.PersistenceId, delete.ToSequenceNr))
                .ConfigureAwait(false);
            delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), self);
        }
        catch (Exception e)
        {
            delete.PersistentActor.Tell(new DeleteMessagesFailure(TryUnwrapException(e), delete.ToSequenceNr), self);
        }
    }
}
