using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.DeletionProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Carries out deletions: intent in the journal, zeros in the log, a rebuild of every view, end in the journal.</summary>
/// <remarks>
/// 1. The intent is durable before the first byte is zeroed. 2. After that the caller plays no part: the rows of the record
/// are removed also when the caller leaves or the process ends.
/// 3. A deletion that a crash interrupted is settled at the next start: views are rebuilt unless the record is whole.
/// </remarks>
internal sealed class DeletionActor : ReceivePersistentActor
{
    /// <summary>What its persistence id has before the identity's name.</summary>
    public const string IdPrefix = "flume-deletions-";

    private const int EventsMax = 256;

    private readonly IdentityContext _context;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly IActorRef _views;
    private readonly HashSet<Offset> _pending = [];
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private IActorRef _asker = ActorRefs.Nobody;
    private bool _isSettled;
    private int _eventsStored;

    public DeletionActor(IdentityContext context, OffsetLog log, IActorRef logActor, IActorRef views)
    {
        (_context, _log, _logActor, _views) = (context, log, logActor, views);
        PersistenceId = IdPrefix + context.Name;
        Recover<DeletionNoted>(Apply);
        Recover<RecoveryCompleted>(_ => _views.Tell(new DeletionsRecovered()));
        Command<Delete>(OnDelete);
        Command<LogAnswered>(OnLogAnswered);
        Command<Renewed>(OnRenewed);
        Command<ViewsReady>(_ => SettleInterrupted());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => _events.Warning("Old events were not deleted: {0}", failed.Cause.Message));
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        if (@event is DeletionNoted { IsSettled: false })
            _asker.Tell(new AppendRejected(
                AppendRejection.ReadOnly,
                $"Nothing was deleted: the journal did not take the intent: {cause.Message} Make room, then try again."));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void OnDelete(Delete delete)
    {
        IActorRef asker = _asker = Sender;
        Persist(new DeletionNoted(delete.Offset, IsSettled: false), noted =>
        {
            Apply(noted);
            _logActor.Ask<object>(delete, Timeout.InfiniteTimeSpan).PipeTo(
                Self, success: answer => new LogAnswered(noted.Offset, answer, asker));
        });
    }

    private void OnLogAnswered(LogAnswered answered)
    {
        if (answered.Answer is AppendRejected) End(new Renewed(answered.Offset, answered.Answer, answered.Asker, IsDurable: true));
        else PurgeDeleted(answered);
    }

    private void PurgeDeleted(LogAnswered answered)
    {
        string reason = $"the record at {answered.Offset} was deleted";
        Task<object[]> renewals = Task.WhenAll(_context.Catalog.Views.Select(view =>
            _views.Ask<object>(new PurgeDeleted(view.Name, reason), _context.Settings.Identities.AnswerWithin)));
        renewals.PipeTo(
            Self,
            success: outcomes => new Renewed(answered.Offset, answered.Answer, answered.Asker, outcomes.All(IsStored)),
            failure: _ => new Renewed(answered.Offset, answered.Answer, answered.Asker, IsDurable: false));
    }

    private static bool IsStored(object outcome) => outcome is ViewOutcome { IsAccepted: true, IsStored: true };

    /// <summary>An intent that some view did not store stays: it is settled at the next start.</summary>
    private void OnRenewed(Renewed renewed)
    {
        if (renewed.IsDurable) End(renewed);
        else renewed.Asker.Tell(renewed.Answer);
    }

    private void End(Renewed renewed)
    {
        renewed.Asker.Tell(renewed.Answer);
        Persist(new DeletionNoted(renewed.Offset, IsSettled: true), settled =>
        {
            Apply(settled);
            if (_eventsStored <= EventsMax || _pending.Count > 0) return;
            _eventsStored = 0;
            DeleteMessages(LastSequenceNr);
        });
    }

    private void SettleInterrupted()
    {
        if (_isSettled) return;
        _isSettled = true;
        foreach (Offset offset in _pending.ToArray())
        {
            object answer = new Deleted(offset);
            if (IsWhole(offset)) End(new Renewed(offset, answer, ActorRefs.Nobody, IsDurable: true));
            else PurgeDeleted(new LogAnswered(offset, answer, ActorRefs.Nobody));
        }
    }

    private bool IsWhole(Offset offset)
    {
        try
        {
            return _log.TryRead(offset, out LogRecord record) && !record.Deleted;
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

    /// <summary>To itself: what the log said to a deletion.</summary>
    private sealed record LogAnswered(Offset Offset, object Answer, IActorRef Asker);

    /// <summary>To itself: every view was told to rebuild.</summary>
    private sealed record Renewed(Offset Offset, object Answer, IActorRef Asker, bool IsDurable);
}

/// <summary>The event of Akka.Persistence: the record is about to be zeroed; or no row of it can be left.</summary>
internal sealed record DeletionNoted(Offset Offset, bool IsSettled);
