using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;

namespace Flume.Actors;

/// <summary>
/// Routes messages to identities by name. The first message for an identity opens it; the least used one closes when
/// too many are open.
/// </summary>
/// <remarks>
/// 1. Messages for an identity that closes are held here. Its next incarnation receives them, so none is lost.
/// 2. At most flume.identities.open-max identities are open. Others wait for their turn, first come first served. An
/// identity with a call under way is not closed.
/// </remarks>
internal sealed class IdentityManagerActor : ReceiveActor, IWithTimers
{
    private const int RestartsMax = 10;

    /// <summary>One of this many places is kept free, so that an opening seldom waits for a closing.</summary>
    private const int FreeShare = 16;

    private static readonly TimeSpan RestartsWithin = TimeSpan.FromMinutes(1);

    /// <summary>Pause before the next search for an identity without calls.</summary>
    private static readonly TimeSpan SearchPause = TimeSpan.FromMilliseconds(50);

    private readonly IdentityRegistry _registry;
    private readonly int _openMax;
    private readonly Dictionary<string, IdentityContext> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closing = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> _held =
        new(StringComparer.Ordinal);
    private readonly Dictionary<string, IActorRef> _releasing = new(StringComparer.Ordinal);
    private IActorRef? _closeAllCaller;

    public IdentityManagerActor(IdentityRegistry registry, int openMax)
    {
        (_registry, _openMax) = (registry, openMax);
        Become(Serving);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// Restarts an identity that lost a child; it reopens its files, and other identities are not affected. After too
    /// many restarts it stops until the next message for it.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(RestartsMax, RestartsWithin, _ => Directive.Restart);

    private void Serving()
    {
        Receive<ToIdentity>(Route);
        Receive<Passivate>(passivate => OnPassivate(passivate.Identity));
        Receive<Release>(OnRelease);
        Receive<Terminated>(OnClosed);
        Receive<SearchAgain>(_ => GiveTurns());
        Receive<RefuseAppends>(_ => OnRefuseAppends());
        Receive<CloseAll>(_ => OnCloseAll());
    }

    private void Stopping()
    {
        Receive<ToIdentity>(_ => Sender.Tell(EngineStops));
        Receive<Passivate>(_ => { });
        Receive<SearchAgain>(_ => { });
        Receive<Release>(OnRelease);
        Receive<Terminated>(closed =>
        {
            ReportReleased(closed.ActorRef.Path.Name);
            ReportAllClosed();
        });
        Receive<RefuseAppends>(_ => Sender.Tell(new AppendsRefused()));
        Receive<CloseAll>(_ => OnCloseAll());
    }

    private void Route(ToIdentity envelope)
    {
        if (_held.TryGetValue(envelope.Identity, out var held)) held.Enqueue((envelope.Message, Sender));
        else Deliver(envelope.Identity, envelope.Message, Sender);
    }

    private void Deliver(string identity, object message, IActorRef sender)
    {
        if (_open.ContainsKey(identity)) Context.Child(identity).Tell(message, sender);
        else if (_open.Count < _openMax) Open(identity, message, sender);
        else Hold(identity, message, sender);
    }

    private void Open(string identity, object message, IActorRef sender)
    {
        try
        {
            IdentityContext context = _registry.Get(identity);
            Context.Watch(Context.ActorOf(Props.Create(() => new IdentityActor(context)), identity)).Tell(
                message, sender);
            _open.Add(identity, context);
            if (_open.Count - _closing.Count > _openMax - (_openMax / FreeShare)) CloseLeastUsed();
        }
        catch (IdentityRejectedException cause)
        {
            sender.Tell(new NotActivated(cause.Message, cause));
        }
    }

    /// <summary>Holds a message until another identity has closed.</summary>
    private void Hold(string identity, object message, IActorRef sender)
    {
        _held[identity] = new([(message, sender)]);
        _turns.Enqueue(identity);
        GiveTurns();
    }

    private void GiveTurns()
    {
        while (_turns.Count > 0 && _open.Count < _openMax)
        {
            string identity = _turns.Dequeue();
            if (!_held.Remove(identity, out var held)) continue;
            foreach ((object message, IActorRef sender) in held) Deliver(identity, message, sender);
        }

        // One closes for each that waits.
        for (int closing = _closing.Count; closing < _turns.Count && CloseLeastUsed(); closing++)
        {
        }

        if (_turns.Count > 0) Timers.StartSingleTimer(nameof(SearchAgain), SearchAgain.Instance, SearchPause);
    }

    /// <summary>Closes the identity whose last call ended first; false when each has a call under way.</summary>
    private bool CloseLeastUsed()
    {
        string? leastUsed = null;
        TimeSpan longest = TimeSpan.Zero;
        foreach ((string identity, IdentityContext context) in _open)
        {
            TimeSpan idle = context.Session.Idle;
            if (idle > longest && !_closing.Contains(identity)) (leastUsed, longest) = (identity, idle);
        }

        if (leastUsed is not null) OnPassivate(leastUsed);
        return leastUsed is not null;
    }

    private void OnPassivate(string identity)
    {
        if (!_open.ContainsKey(identity) || !_closing.Add(identity)) return;
        _held[identity] = new();
        Context.Child(identity).Tell(new Close());
    }

    private void OnRelease(Release release)
    {
        _releasing[release.Identity] = Sender;
        if (Context.Child(release.Identity).IsNobody()) ReportReleased(release.Identity);
        else OnPassivate(release.Identity);
    }

    private void ReportReleased(string identity)
    {
        if (_releasing.Remove(identity, out IActorRef? asker)) asker.Tell(new Released(identity));
    }

    private void OnClosed(Terminated identity)
    {
        string name = identity.ActorRef.Path.Name;
        _open.Remove(name);
        _closing.Remove(name);
        ReportReleased(name);
        if (_held.TryGetValue(name, out var held))
        {
            if (held.Count > 0) _turns.Enqueue(name);
            else _held.Remove(name);
        }

        GiveTurns();
    }

    /// <summary>
    /// Rejects new messages and answers at once. Appends in the mailbox of an identity complete before its close.
    /// </summary>
    private void OnRefuseAppends()
    {
        Become(Stopping);
        RefuseHeld();
        foreach (IdentityContext context in _open.Values) context.Session.CloseRoutes();
        Sender.Tell(new AppendsRefused());
    }

    private void OnCloseAll()
    {
        Become(Stopping);
        RefuseHeld();
        _closeAllCaller = Sender;
        foreach (IActorRef child in Context.GetChildren()) child.Tell(new Close());
        ReportAllClosed();
    }

    private void RefuseHeld()
    {
        foreach ((_, IActorRef sender) in _held.Values.SelectMany(held => held)) sender.Tell(EngineStops);
        _held.Clear();
    }

    private void ReportAllClosed()
    {
        if (!Context.GetChildren().Any()) _closeAllCaller?.Tell(new AllClosed());
    }

    private static readonly NotActivated EngineStops = new("The process is stopping. Nothing was done.", null);

    /// <summary>To itself: an identity may have no calls by now.</summary>
    private sealed class SearchAgain
    {
        public static readonly SearchAgain Instance = new();
    }
}
