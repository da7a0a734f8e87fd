using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>Routes messages to identities by name; the first message for an identity starts it.</summary>
/// <remarks>
/// Messages for an identity that closes after idle time are queued here. Its next incarnation receives them, so none
/// is lost.
/// </remarks>
internal sealed class IdentityManagerActor : ReceiveActor
{
    private const int RestartsMax = 10;
    private static readonly TimeSpan RestartsWithin = TimeSpan.FromMinutes(1);

    private readonly IdentityRegistry _registry;
    private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> _closing =
        new(StringComparer.Ordinal);
    private readonly Dictionary<string, IActorRef> _releasing = new(StringComparer.Ordinal);
    private IActorRef? _closeAllCaller;

    public IdentityManagerActor(IdentityRegistry registry)
    {
        _registry = registry;
        Become(Serving);
    }

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
        Receive<RefuseAppends>(_ => OnRefuseAppends());
        Receive<CloseAll>(_ => OnCloseAll());
    }

    private void Stopping()
    {
        Receive<ToIdentity>(_ =>
            Sender.Tell(new NotActivated("The process is stopping. Nothing was done.", null)));
        Receive<Passivate>(_ => { });
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
        if (_closing.TryGetValue(envelope.Identity, out var waiting)) waiting.Enqueue((envelope.Message, Sender));
        else Deliver(envelope.Identity, envelope.Message, Sender);
    }

    private void Deliver(string identity, object message, IActorRef sender)
    {
        IActorRef child = Context.Child(identity);
        if (child.IsNobody() && TryStart(identity, sender) is { } started) child = started;
        if (!child.IsNobody()) child.Tell(message, sender);
    }

    private IActorRef? TryStart(string identity, IActorRef sender)
    {
        try
        {
            IdentityContext context = _registry.Get(identity);
            return Context.Watch(Context.ActorOf(Props.Create(() => new IdentityActor(context)), identity));
        }
        catch (IdentityRejectedException cause)
        {
            sender.Tell(new NotActivated(cause.Message, cause));
            return null;
        }
    }

    private void OnPassivate(string identity)
    {
        if (!_closing.TryAdd(identity, new())) return;
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
        ReportReleased(name);
        if (!_closing.Remove(name, out var waiting)) return;
        foreach ((object message, IActorRef sender) in waiting) Deliver(name, message, sender);
    }

    /// <summary>
    /// Rejects new messages and answers at once. Appends in the mailbox of an identity complete before its close.
    /// </summary>
    private void OnRefuseAppends()
    {
        Become(Stopping);
        foreach (IActorRef child in Context.GetChildren()) _registry.Get(child.Path.Name).Session.CloseRoutes();
        Sender.Tell(new AppendsRefused());
    }

    private void OnCloseAll()
    {
        Become(Stopping);
        _closeAllCaller = Sender;
        foreach (IActorRef child in Context.GetChildren()) child.Tell(new Close());
        ReportAllClosed();
    }

    private void ReportAllClosed()
    {
        if (!Context.GetChildren().Any()) _closeAllCaller?.Tell(new AllClosed());
    }
}
