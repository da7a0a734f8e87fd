using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>The only writer of a log: commits appends in groups and notifies subscribers of head changes.</summary>
/// <remarks>
/// The actor blocks on the disk, so it has its own dispatcher. The next group gathers in the mailbox during a write:
/// a commit is a message to itself, queued after all messages that arrived meanwhile.
/// </remarks>
internal sealed class LogActor : ReceiveActor, IWithTimers
{
    private const string FollowTimer = "follow", ChecksumTimer = "checksum", HoldTimer = "hold";

    /// <summary>
    /// Longest time that other appends wait for one whose expected head moved: its caller reads a few records first.
    /// </summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause between two steps over blocks without checksums, so that appends have priority.</summary>
    private static readonly TimeSpan ChecksumPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Pause when all blocks have checksums. Blocks written in this time lack checksums after a crash, until the next
    /// start.
    /// </summary>
    private static readonly TimeSpan ChecksumRest = TimeSpan.FromSeconds(2);

    private readonly LogFactory _factory;
    private readonly AppendSettings _settings;
    private readonly HeadSubscribers<IActorRef> _subscribers = new();
    private GroupCommitter<IActorRef> _committer = null!;
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private OffsetLog? _log;
    private bool _isCommitScheduled;
    private bool _isHeld;
    private IActorRef? _drainCaller;

    public LogActor(LogFactory factory, AppendSettings settings)
    {
        (_factory, _settings) = (factory, settings);
        Receive<Append>(OnAppend);
        Receive<Commit>(_ => OnCommit());
        Receive<HoldEnds>(_ => EndHold());
        Receive<AwaitHead>(OnAwaitHead);
        Receive<Delete>(delete => Sender.Tell(_committer.Delete(delete.Offset)));
        Receive<FinishDelete>(delete => Sender.Tell(_committer.FinishDelete(delete.Offset)));
        Receive<Reopen>(_ => Sender.Tell(_committer.Reopen()));
        Receive<GetLogStatus>(_ => Sender.Tell(_committer.Status()));
        Receive<TurnReadOnly>(message => _committer.TurnReadOnly(message.Reason));
        Receive<Drain>(_ => OnDrain());
        Receive<Follow>(_ => OnFollow());
        Receive<TakeChecksums>(_ => OnTakeChecksums());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Props with the dispatcher for blocking work.</summary>
    public static Props Props(LogFactory factory, AppendSettings settings) =>
        Akka.Actor.Props.Create(() => new LogActor(factory, settings)).WithDispatcher(Dispatchers.Log);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        try
        {
            _log = _factory.Open();
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException)
        {
            Context.Parent.Tell(new LogNotOpened(cause));
            Context.Stop(Self);
            return;
        }

        _committer = new(_log, AppendLimits.From(_settings, _factory.Options));
        if (_log.ReadOnly) Timers.StartPeriodicTimer(FollowTimer, Follow.Instance, _factory.FollowEvery);
        else Timers.StartSingleTimer(ChecksumTimer, TakeChecksums.Instance, ChecksumRest);
        Context.Parent.Tell(new LogOpened(_log));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_log is null) return;
        _committer.StopTaking();
        while (_committer.HasWaiting) CommitGroup();
        _log.Dispose();
    }

    private void OnAppend(Append append)
    {
        if (_committer.Take(Sender, append) is { } refusal) Refuse(append, refusal);
        else if (append.Terms.ExpectedHead is not null) EndHold();
        else if (_committer.IsGroupFull) OnCommit();
        else ScheduleCommit();
    }

    private void Refuse(Append append, AppendRejected refusal)
    {
        if (append.Terms.HoldsOthers && refusal.Rejection == AppendRejection.HeadMoved) BeginHold();
        Sender.Tell(refusal);
    }

    /// <summary>
    /// Commits the queued appends, then holds the queue until the append with an expected head arrives or
    /// <see cref="HoldMax"/> passes.
    /// </summary>
    private void BeginHold()
    {
        while (_committer.HasWaiting) CommitGroup();
        _isHeld = true;
        Timers.StartSingleTimer(HoldTimer, HoldEnds.Instance, HoldMax);
    }

    private void EndHold()
    {
        if (_isHeld) Timers.Cancel(HoldTimer);
        _isHeld = false;
        if (_committer.IsGroupFull) OnCommit();
        else if (_committer.HasWaiting) ScheduleCommit();
    }

    private void ScheduleCommit()
    {
        if (_isCommitScheduled) return;
        _isCommitScheduled = true;
        if (_settings.GroupDelay == TimeSpan.Zero) Self.Tell(Commit.Instance);
        else Self.TellAfter(_settings.GroupDelay, Commit.Instance, _factory.Options.Time);
    }

    private void OnCommit()
    {
        _isCommitScheduled = false;
        if (_isHeld && _drainCaller is null) return;
        CommitGroup();
        if (_committer.HasWaiting) ScheduleCommit();
        else if (_drainCaller is not null) _drainCaller.Tell(new Drained());
    }

    private void CommitGroup()
    {
        Offset before = _committer.Head;
        foreach ((IActorRef caller, object answer) in _committer.Commit()) caller.Tell(answer);
        if (_committer.Head > before) NotifySubscribers();
    }

    private void OnAwaitHead(AwaitHead request)
    {
        if (_committer.Head > request.Beyond) Sender.Tell(new HeadAdvanced(_committer.Head, request.Token));
        else _subscribers.Add(Sender, request.Beyond, request.Token);
    }

    private void OnDrain()
    {
        _committer.StopTaking();
        _drainCaller = Sender;
        OnCommit();
    }

    private void OnFollow()
    {
        if (_log!.Refresh()) NotifySubscribers();
    }

    /// <summary>Takes checksums of blocks without one: those of a JavaScript log, and the newest ones.</summary>
    private void OnTakeChecksums()
    {
        try
        {
            TimeSpan pause = _log!.AddChecksums() ? ChecksumPause : ChecksumRest;
            Timers.StartSingleTimer(ChecksumTimer, TakeChecksums.Instance, pause);
        }
        catch (LogDamagedException damage)
        {
            Context.Parent.Tell(new DamageFound(damage.Offset, damage.Message));
        }
        catch (IOException cause)
        {
            _events.Warning(
                "The checksums of {0} can't be stored: {1} The log continues without new checksums.",
                _log!.Path, cause.Message);
        }
    }

    private void NotifySubscribers()
    {
        Offset head = _committer.Head;
        foreach ((IActorRef subscriber, long token) in _subscribers.Advance(head))
            subscriber.Tell(new HeadAdvanced(head, token));
    }

    /// <summary>To itself: write the next group now.</summary>
    private sealed class Commit
    {
        public static readonly Commit Instance = new();
    }

    /// <summary>To itself: the hold for the append with an expected head ends.</summary>
    private sealed class HoldEnds
    {
        public static readonly HoldEnds Instance = new();
    }

    /// <summary>To itself: take checksums of some blocks.</summary>
    private sealed class TakeChecksums : INotInfluenceReceiveTimeout
    {
        public static readonly TakeChecksums Instance = new();
    }

    /// <summary>To itself: check whether the other process has appended.</summary>
    private sealed class Follow
    {
        public static readonly Follow Instance = new();
    }
}
