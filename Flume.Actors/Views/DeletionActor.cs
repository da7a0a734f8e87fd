using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.DeletionProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>
/// Executes deletions: stores the intent in the journal, zeroes the record, rebuilds every view, stores the end.
/// </summary>
/// <remarks>
/// 1. The intent is durable before the first byte is zeroed.
/// 2. After that the caller has no influence: the rows of the record are removed also when the caller leaves or the
/// process ends.
/// 3. The next start completes a deletion that a crash interrupted. An intact record stays. Of any other record it
/// zeroes the rest, and it rebuilds the views.
/// 4. When this actor stops, it answers every caller that waits: their outcome is unknown.
/// </remarks>
internal sealed class DeletionActor : ReceivePersistentActor
{
    /// <summary>The persistence id is this prefix and the identity's name.</summary>
    public const string IdPrefix = "flume-deletions-";

    private const int EventsMax = 256;

    private readonly IdentityContext _context;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly IActorRef _views;
    private readonly HashSet<Offset> _pending = [];
    private readonly List<(IActorRef Asker, Offset Offset)> _waiting = [];
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private bool _hasCompletedInterrupted;
    private int _eventsStored;

    public DeletionActor(IdentityContext context, OffsetLog log, IActorRef logActor, IActorRef views)
    {
        (_context, _log, _logActor, _views) = (context, log, logActor, views);
        PersistenceId = IdPrefix + context.Name;
        Recover<DeletionNoted>(Apply);
        Recover<RecoveryCompleted>(_ => _views.Tell(new DeletionsRecovered()));
        Command<Delete>(OnDelete);
        Command<LogAnswered>(OnLogAnswered);
        Command<Purged>(OnPurged);
        Command<ViewsReady>(_ => CompleteInterrupted());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed =>
            _events.Warning("Old events were not deleted: {0}", failed.Cause.Message));
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        if (@event is DeletionNoted { IsSettled: false })
            Answer(_waiting[^1].Asker, _waiting[^1].Offset, new AppendRejected(
                AppendRejection.ReadOnly,
                $"Nothing was deleted: the journal did not store the intent: {cause.Message} " +
                "Free space, then try again."));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach ((IActorRef asker, Offset offset) in _waiting)
        {
            string text = $"The deletion of the record at {offset} was interrupted: a part of identity "
                + $"'{_context.Name}' has stopped. When it is open again, it completes a deletion that has begun. "
                + "Read the record before trying again.";
            asker.Tell(new AppendFailed(text, Cause: null));
        }

        base.PostStop();
    }

    private void OnDelete(Delete delete)
    {
        IActorRef asker = Sender;
        // The mailbox is stashed until the intent is stored, so the last one is that of the event being stored.
        _waiting.Add((asker, delete.Offset));
        Persist(new DeletionNoted(delete.Offset, IsSettled: false), noted =>
        {
            Apply(noted);
            _logActor.Ask<object>(delete, Timeout.InfiniteTimeSpan).PipeTo(
                Self, success: answer => new LogAnswered(noted.Offset, answer, asker));
        });
    }

    private void OnLogAnswered(LogAnswered answered)
    {
        bool stays = answered.Asker.IsNobody()
            && answered.Answer is AppendRejected { Rejection: AppendRejection.ReadOnly };
        if (stays) return;
        if (answered.Answer is AppendRejected)
            End(new Purged(answered.Offset, answered.Answer, answered.Asker, IsDurable: true));
        else PurgeDeleted(answered);
    }

    private void PurgeDeleted(LogAnswered answered)
    {
        string reason = $"the record at {answered.Offset} was deleted";
        Task<object[]> purges = Task.WhenAll(_context.Catalog.Views.Select(view =>
            _views.Ask<object>(new PurgeDeleted(view.Name, reason), _context.Settings.Identities.AnswerWithin)));
        purges.PipeTo(
            Self,
            success: outcomes => new Purged(answered.Offset, answered.Answer, answered.Asker, outcomes.All(IsStored)),
            failure: _ => new Purged(answered.Offset, answered.Answer, answered.Asker, IsDurable: false));
    }

    private static bool IsStored(object outcome) => outcome is ViewOutcome { IsAccepted: true, IsStored: true };

    /// <summary>
    /// Ends the deletion. When the log or a view did not store its part, the intent stays for the next start.
    /// </summary>
    private void OnPurged(Purged purged)
    {
        if (purged.IsDurable && purged.Answer is not AppendFailed) End(purged);
        else Answer(purged.Asker, purged.Offset, purged.Answer);
    }

    private void Answer(IActorRef asker, Offset offset, object answer)
    {
        _waiting.Remove((asker, offset));
        asker.Tell(answer);
    }

    private void End(Purged purged)
    {
        Answer(purged.Asker, purged.Offset, purged.Answer);
        Persist(new DeletionNoted(purged.Offset, IsSettled: true), settled =>
        {
            Apply(settled);
            if (_eventsStored <= EventsMax || _pending.Count > 0) return;
            _eventsStored = 0;
            DeleteMessages(LastSequenceNr);
        });
    }

    private void CompleteInterrupted()
    {
        if (_hasCompletedInterrupted) return;
        _hasCompletedInterrupted = true;
        foreach (Offset offset in _pending.ToArray())
        {
            if (IsIntact(offset)) End(new Purged(offset, new Deleted(offset), ActorRefs.Nobody, IsDurable: true));
            else _logActor.Ask<object>(new FinishDelete(offset), Timeout.InfiniteTimeSpan).PipeTo(
                Self, success: answer => new LogAnswered(offset, answer, ActorRefs.Nobody));
        }
    }

    /// <summary>JSON has no zero byte: a zero byte shows a delete that a power loss tore.</summary>
    private bool IsIntact(Offset offset)
    {
        try
        {
            return _log.TryRead(offset, out LogRecord record) && !record.Payload.Span.Contains((byte)0);
        }
        catch (LogException)
        {
            return false;
        }
    }

    private void Apply(DeletionNoted noted)
    {
        if (noted.IsSettled) _pending.Remove(noted.Offset);
        else _pending.Add(noted.Offset);
        _eventsStored++;
    }

    /// <summary>To itself: the answer of the log to a deletion.</summary>
    private sealed record LogAnswered(Offset Offset, object Answer, IActorRef Asker);

    /// <summary>To itself: every view has received the purge command.</summary>
    private sealed record Purged(Offset Offset, object Answer, IActorRef Asker, bool IsDurable);
}

/// <summary>
/// The event of Akka.Persistence. IsSettled is false before the record is zeroed, true after all purges.
/// </summary>
internal sealed record DeletionNoted(Offset Offset, bool IsSettled);
