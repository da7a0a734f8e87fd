using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>The one writer of a log: commits appends in groups and spreads the news of the head.</summary>
/// <remarks>
/// Blocks on the disk, so it runs on a dispatcher of its own. While one group is written the next gathers in the mailbox:
/// a commit is a message to itself behind everything that came meanwhile.
/// </remarks>
internal sealed class LogActor : ReceiveActor, IWithTimers
{
    private const string CommitTimer = "commit", FollowTimer = "follow", SealTimer = "seal", HoldTimer = "hold";

    /// <summary>How long other appends wait for one whose expected head moved: it has to read a few records.</summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two steps of a log that has no checksums yet: appends come first.</summary>
    private static readonly TimeSpan SealPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two looks at a log that has them: how much of it a crash may leave without, until the next start.</summary>
    private static readonly TimeSpan SealRest = TimeSpan.FromSeconds(2);

    private readonly LogFactory _opener;
    private readonly AppendSettings _settings;
    private readonly HeadSubscribers<IActorRef> _waiters = new();
    private GroupCommitter<IActorRef> _processor = null!;
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private OffsetLog? _log;
    private bool _commitIsComing;
    private bool _isHeld;
    private IActorRef? _drainer;

    public LogActor(LogFactory opener, AppendSettings settings)
    {
        (_opener, _settings) = (opener, settings);
        Receive<Append>(OnAppend);
        Receive<Commit>(_ => OnCommit());
        Receive<HoldEnds>(_ => EndHold());
        Receive<AwaitHead>(OnAwaitHead);
        Receive<Delete>(delete => Sender.Tell(_processor.Delete(delete.Offset)));
        Receive<Reopen>(_ => Sender.Tell(_processor.Reopen()));
        Receive<GetLogStatus>(_ => Sender.Tell(_processor.Status()));
        Receive<TurnReadOnly>(epoch => _processor.TurnReadOnly(epoch.Reason));
        Receive<Drain>(_ => OnDrain());
        Receive<Follow>(_ => OnFollow());
        Receive<Seal>(_ => OnSeal());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor's recipe, on the dispatcher for blocking work.</summary>
    public static Props Props(LogFactory opener, AppendSettings settings) =>
        Akka.Actor.Props.Create(() => new LogActor(opener, settings)).WithDispatcher(Dispatchers.Log);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        try
        {
            _log = _opener.Open();
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException)
        {
            Context.Parent.Tell(new LogNotOpened(cause));
            Context.Stop(Self);
            return;
        }

        _processor = new(_log, AppendLimits.From(_settings, _opener.Options));
        if (_log.ReadOnly) Timers.StartPeriodicTimer(FollowTimer, Follow.Instance, _opener.FollowEvery);
        else Timers.StartSingleTimer(SealTimer, Seal.Instance, SealRest);
        Context.Parent.Tell(new LogOpened(_log));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_log is null) return;
        _processor.StopTaking();
        while (_processor.HasWaiting) CommitGroup();
        _log.Dispose();
    }

    private void OnAppend(Append append)
    {
        if (_processor.Take(Sender, append) is { } refusal) Refuse(append, refusal);
        else if (append.Terms.ExpectedHead is not null) EndHold();
        else if (_processor.IsGroupFull) OnCommit();
        else ScheduleCommit();
    }

    private void Refuse(Append append, AppendRejected refusal)
    {
        if (append.Terms.HoldsOthers && refusal.Rejection == AppendRejection.HeadMoved) BeginHold();
        Sender.Tell(refusal);
    }

    /// <summary>Writes what waits, then nothing until the append with an expected head has had its time.</summary>
    private void BeginHold()
    {
        while (_processor.HasWaiting) CommitGroup();
        _isHeld = true;
        Timers.StartSingleTimer(HoldTimer, HoldEnds.Instance, HoldMax);
    }

    private void EndHold()
    {
        if (_isHeld) Timers.Cancel(HoldTimer);
        _isHeld = false;
        if (_processor.IsGroupFull) OnCommit();
        else if (_processor.HasWaiting) ScheduleCommit();
    }

    private void ScheduleCommit()
    {
        if (_commitIsComing) return;
        _commitIsComing = true;
        if (_settings.GroupDelay == TimeSpan.Zero) Self.Tell(Commit.Instance);
        else Timers.StartSingleTimer(CommitTimer, Commit.Instance, _settings.GroupDelay);
    }

    private void OnCommit()
    {
        _commitIsComing = false;
        if (_isHeld && _drainer is null) return;
        CommitGroup();
        if (_processor.HasWaiting) ScheduleCommit();
        else if (_drainer is not null) _drainer.Tell(new Drained());
    }

    private void CommitGroup()
    {
        Offset before = _processor.Head;
        foreach ((IActorRef caller, object answer) in _processor.Commit()) caller.Tell(answer);
        if (_processor.Head > before) NotifySubscribers();
    }

    private void OnAwaitHead(AwaitHead await)
    {
        if (_processor.Head > await.Beyond) Sender.Tell(new HeadAdvanced(_processor.Head, await.Token));
        else _waiters.Add(Sender, await.Beyond, await.Token);
    }

    private void OnDrain()
    {
        _processor.StopTaking();
        _drainer = Sender;
        OnCommit();
    }

    private void OnFollow()
    {
        if (_log!.Refresh()) NotifySubscribers();
    }

    /// <summary>Takes checksums of what has none: of a log that JavaScript wrote, and of the newest blocks.</summary>
    private void OnSeal()
    {
        try
        {
            Timers.StartSingleTimer(SealTimer, Seal.Instance, _log!.SealSome() ? SealPause : SealRest);
        }
        catch (LogDamagedException damage)
        {
            Context.Parent.Tell(new DamageFound(damage.Offset, damage.Message));
        }
        catch (IOException cause)
        {
            _events.Warning("Checksums of {0} can't be kept: {1} The log goes on without new ones.", _log!.Path, cause.Message);
        }
    }

    private void NotifySubscribers()
    {
        Offset head = _processor.Head;
        foreach ((IActorRef asker, long token) in _waiters.Advance(head)) asker.Tell(new HeadAdvanced(head, token));
    }

    /// <summary>To itself: write the next group now.</summary>
    private sealed class Commit
    {
        public static readonly Commit Instance = new();
    }

    /// <summary>To itself: others waited long enough for the append with an expected head.</summary>
    private sealed class HoldEnds
    {
        public static readonly HoldEnds Instance = new();
    }

    /// <summary>To itself: take some checksums.</summary>
    private sealed class Seal : INotInfluenceReceiveTimeout
    {
        public static readonly Seal Instance = new();
    }

    /// <summary>To itself: look whether the other process has appended.</summary>
    private sealed class Follow
    {
        public static readonly Follow Instance = new();
    }
}
