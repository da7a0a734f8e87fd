using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>Routes messages to identities by name; starts an identity when the first message for it comes.</summary>
/// <remarks>
/// What comes for an identity that is closing for disuse waits here and goes to its successor, so nothing is lost between
/// two lives of an identity.
/// </remarks>
internal sealed class IdentityManagerActor : ReceiveActor
{
    private const int RestartsMax = 10;
    private static readonly TimeSpan RestartsWithin = TimeSpan.FromMinutes(1);

    private readonly IdentityRegistry _places;
    private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> _closing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IActorRef> _releasing = new(StringComparer.Ordinal);
    private IActorRef? _closer;

    public IdentityManagerActor(IdentityRegistry places)
    {
        _places = places;
        Become(Serving);
    }

    /// <summary>
    /// An identity that loses a part is opened again from its files; the others do not notice. One that loses them again
    /// and again stops, until the next message for it.
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
        Receive<ToIdentity>(_ => Sender.Tell(new NotActivated("The process is stopping; nothing was done.", null)));
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
            IdentityContext context = _places.Get(identity);
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

    /// <summary>Appends under way finish: the children get to this message only after them.</summary>
    private void OnRefuseAppends()
    {
        Become(Stopping);
        Sender.Tell(new AppendsRefused());
    }

    private void OnCloseAll()
    {
        Become(Stopping);
        _closer = Sender;
        foreach (IActorRef child in Context.GetChildren()) child.Tell(new Close());
        ReportAllClosed();
    }

    private void ReportAllClosed()
    {
        if (!Context.GetChildren().Any()) _closer?.Tell(new AllClosed());
    }
}
