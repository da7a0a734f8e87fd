using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Messages;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>One identity: starts the log, then the views; passes messages on; decides what a failure stops.</summary>
/// <remarks>
/// Opening (messages wait) → open → closing (parts stop one after the other: views before the log they read). A log that
/// can't be opened makes it refuse everything, say why, and stop: the next message tries again.
/// </remarks>
internal sealed class IdentityActor : ReceiveActor, IWithUnboundedStash, IWithTimers
{
    private static readonly TimeSpan RefuseFor = TimeSpan.FromSeconds(1);

    private readonly IdentityContext _context;
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private IActorRef _log = ActorRefs.Nobody;
    private IActorRef _views = ActorRefs.Nobody;
    private UnboxCache? _boxes;
    private Exception? _notOpened;

    public IdentityActor(IdentityContext context)
    {
        _context = context;
        Become(Opening);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => _log = Context.Watch(Context.ActorOf(LogActor.Props(_context.Log, _context.Settings.Append), "log"));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _context.Session.Closed();
        _boxes?.Dispose();
    }

    /// <summary>A log that crashed is opened again by this identity's own restart; views are below their own supervisors.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Opening()
    {
        Receive<LogOpened>(OnLogOpened);
        Receive<LogNotOpened>(OnLogNotOpened);
        Receive<ViewsStarted>(_ => OnViewsStarted());
        Receive<Terminated>(OnPartLost);
        ReceiveAny(_ => Stash.Stash());
    }

    private void Open()
    {
        Receive<Activate>(_ => Sender.Tell(new Activated()));
        Receive<IForView>(message => _views.Forward(message));
        Receive<GetStatus>(message => _views.Forward(message));
        Receive<Delete>(message => _views.Forward(message));
        Receive<DamageFound>(OnDamage);
        Receive<ReceiveTimeout>(_ => OnQuiet());
        Receive<Close>(_ => BeginClosing());
        Receive<Terminated>(OnPartLost);
        ReceiveAny(message => _log.Forward(message));
    }

    private void Closing()
    {
        Receive<Drained>(_ => Context.Stop(_views));
        Receive<Terminated>(OnPartClosed);
        ReceiveAny(_ => Refuse());
    }

    private void Refusing()
    {
        Receive<RefusedLongEnough>(_ => Context.Parent.Tell(new Passivate(_context.Name)));
        Receive<Close>(_ => Context.Stop(Self));
        Receive<Terminated>(_ => { });
        ReceiveAny(_ => Refuse());
    }

    private void OnLogOpened(LogOpened opened)
    {
        _boxes = OpenBoxes();
        _context.Session.Opened(opened.Log, _context.Keys is null ? null : new Unboxer(_context.Keys, _boxes));
        Report(opened.Log.Recovery);
        Props views = Props.Create(() => new ViewCoordinatorActor(_context, opened.Log, _log));
        _views = Context.Watch(Context.ActorOf(views, "views"));
    }

    /// <summary>The memory of boxes is a cache: without it private messages are opened anew each time.</summary>
    private UnboxCache? OpenBoxes()
    {
        try
        {
            return _context.OpenBoxMemory();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _events.Warning(
                "The memory of boxes of {0} can't be opened: {1} Private messages are read without it, more slowly. "
                + "Make its file writable or remove it, then start again.", _context.Name, cause.Message);
            return null;
        }
    }

    private void Report(LogRecoveryReport recovery)
    {
        if (recovery.CutFile is { } kept)
            _events.Warning("The log of {0} had a torn end of {1} bytes; it was cut and is kept in {2}.", _context.Name, recovery.TornBytes, kept);
        if (recovery.Damage.IsSome)
            OnDamage(new DamageFound(recovery.Damage, $"The records around offset {recovery.Damage} do not connect. Run verify."));
    }

    private void OnLogNotOpened(LogNotOpened notOpened)
    {
        _notOpened = notOpened.Cause;
        _events.Error("Identity {0} can't be opened: {1}", _context.Name, notOpened.Cause.Message);
        Become(Refusing);
        Stash.UnstashAll();
        Timers.StartSingleTimer(RefusedLongEnough.Instance, RefusedLongEnough.Instance, RefuseFor);
    }

    private void OnViewsStarted()
    {
        Become(Open);
        Stash.UnstashAll();
        if (_context.Settings.Identities.IdleOut is { } idle) Context.SetReceiveTimeout(idle);
    }

    private void OnDamage(DamageFound damage)
    {
        _events.Error("The log of {0} is damaged and takes no more appends: {1}", _context.Name, damage.Text);
        _log.Tell(new TurnReadOnly(damage.Text));
    }

    private void OnQuiet()
    {
        if (_context.Session.Idle >= _context.Settings.Identities.IdleOut) Context.Parent.Tell(new Passivate(_context.Name));
    }

    private void BeginClosing()
    {
        Become(Closing);
        Context.SetReceiveTimeout(null);
        _log.Tell(new Drain());
    }

    private void OnPartClosed(Terminated part)
    {
        _context.Session.Closed();
        if (part.ActorRef.Equals(_views)) Context.Stop(_log);
        else Context.Stop(Self);
    }

    private void OnPartLost(Terminated part) =>
        throw new IdentityPartLostException(_context.Name, part.ActorRef.Path.Name);

    private void Refuse() => Sender.Tell(new NotActivated(
        _notOpened is null
            ? $"Identity '{_context.Name}' is closing. Try again in a moment."
            : $"Identity '{_context.Name}' can't be opened: {_notOpened.Message}",
        _notOpened));

    /// <summary>To itself: the next message may try to open the log again.</summary>
    private sealed class RefusedLongEnough
    {
        public static readonly RefusedLongEnough Instance = new();
    }
}
