using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Messages;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>
/// The actor of one identity: starts the log, then the views; forwards messages; handles failures of its children.
/// </summary>
/// <remarks>
/// States: opening (messages are stashed) → open → closing (the views stop before the log that they read). When the
/// log can't be opened, the actor refuses all messages with the cause and stops. The next message tries again.
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
    protected override void PreStart()
    {
        Props log = LogActor.Props(_context.Log, _context.Settings.Append);
        _log = Context.Watch(Context.ActorOf(log, "log"));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _context.Session.Closed();
        _boxes?.Dispose();
    }

    /// <summary>
    /// Stops a failed child; the restart of this actor reopens the log. Views have supervisors of their own.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Opening()
    {
        Receive<LogOpened>(OnLogOpened);
        Receive<LogNotOpened>(OnLogNotOpened);
        Receive<ViewsStarted>(_ => OnViewsStarted());
        Receive<Terminated>(OnChildLost);
        ReceiveAny(_ => Stash.Stash());
    }

    private void Open()
    {
        Receive<Activate>(_ => Sender.Tell(new Activated()));
        Receive<IForView>(message => _views.Forward(message));
        Receive<GetStatus>(message => _views.Forward(message));
        Receive<Delete>(message => _views.Forward(message));
        Receive<DamageFound>(OnDamage);
        Receive<ReceiveTimeout>(_ => OnIdle());
        Receive<Close>(_ => BeginClosing());
        Receive<Terminated>(OnChildLost);
        ReceiveAny(message => _log.Forward(message));
    }

    private void Closing()
    {
        Receive<Drained>(_ => Context.Stop(_views));
        Receive<Terminated>(OnChildClosed);
        ReceiveAny(_ => Refuse());
    }

    private void Refusing()
    {
        Receive<RefusalEnds>(_ => Context.Parent.Tell(new Passivate(_context.Name)));
        Receive<Close>(_ => Context.Stop(Self));
        Receive<Terminated>(_ => { });
        ReceiveAny(_ => Refuse());
    }

    private void OnLogOpened(LogOpened opened)
    {
        _boxes = OpenUnboxCache();
        _context.Session.Opened(opened.Log, _context.Keys is null ? null : new Unboxer(_context.Keys, _boxes));
        Report(opened.Log.Recovery);
        Props views = Props.Create(() => new ViewCoordinatorActor(_context, opened.Log, _log));
        _views = Context.Watch(Context.ActorOf(views, "views"));
    }

    /// <summary>
    /// Opens the unbox cache. It is optional: without it, private messages are decrypted at each read.
    /// </summary>
    private UnboxCache? OpenUnboxCache()
    {
        try
        {
            return _context.OpenBoxMemory();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _events.Warning(
                "The unbox cache of {0} can't be opened: {1} Private messages are decrypted without it, more slowly. "
                + "Make its file writable or remove it, then restart.", _context.Name, cause.Message);
            return null;
        }
    }

    private void Report(LogRecoveryReport recovery)
    {
        if (recovery.CutFile is { } kept)
            _events.Warning(
                "The log of {0} had a torn end of {1} bytes; they were cut and are stored in {2}.",
                _context.Name, recovery.TornBytes, kept);
        if (recovery.Damage.IsSome)
            OnDamage(new DamageFound(
                recovery.Damage, $"The records around offset {recovery.Damage} do not connect. Run verify."));
    }

    private void OnLogNotOpened(LogNotOpened notOpened)
    {
        _notOpened = notOpened.Cause;
        _events.Error("Identity {0} can't be opened: {1}", _context.Name, notOpened.Cause.Message);
        Become(Refusing);
        Stash.UnstashAll();
        Timers.StartSingleTimer(RefusalEnds.Instance, RefusalEnds.Instance, RefuseFor);
    }

    private void OnViewsStarted()
    {
        Become(Open);
        Stash.UnstashAll();
        _context.Session.OpenRoutes(new IdentityRoutes(_log, _views));
        if (_context.Settings.Identities.IdleOut is { } idle) Context.SetReceiveTimeout(idle);
    }

    private void OnDamage(DamageFound damage)
    {
        _events.Error("The log of {0} is damaged and takes no more appends: {1}", _context.Name, damage.Text);
        _log.Tell(new TurnReadOnly(damage.Text));
    }

    private void OnIdle()
    {
        if (_context.Session.Idle >= _context.Settings.Identities.IdleOut)
            Context.Parent.Tell(new Passivate(_context.Name));
    }

    private void BeginClosing()
    {
        Become(Closing);
        _context.Session.CloseRoutes();
        Context.SetReceiveTimeout(null);
        _log.Tell(new Drain());
    }

    private void OnChildClosed(Terminated child)
    {
        _context.Session.Closed();
        if (child.ActorRef.Equals(_views)) Context.Stop(_log);
        else Context.Stop(Self);
    }

    private void OnChildLost(Terminated child) =>
        throw new IdentityPartLostException(_context.Name, child.ActorRef.Path.Name);

    private void Refuse() => Sender.Tell(new NotActivated(
        _notOpened is null
            ? $"Identity '{_context.Name}' is closing. Try again in a moment."
            : $"Identity '{_context.Name}' can't be opened: {_notOpened.Message}",
        _notOpened));

    /// <summary>To itself: stop refusing, so that the next message opens the log again.</summary>
    private sealed class RefusalEnds
    {
        public static readonly RefusalEnds Instance = new();
    }
}
