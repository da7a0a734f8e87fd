using Akka.Actor;
using Flume.Muxrpc.Transports;

namespace Flume.Replication.Peers;

/// <summary>The peers of one identity: one child actor for each dialled address.</summary>
internal sealed class PeersActor : ReceiveActor
{
    private readonly PeerDialing _dialing;
    private readonly Dictionary<string, IActorRef> _children = new(StringComparer.Ordinal);

    public PeersActor(PeerDialing dialing)
    {
        _dialing = dialing;
        Receive<Connect>(OnConnect);
        Receive<Disconnect>(OnDisconnect);
        Receive<Terminated>(OnGone);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Restart);

    private void OnConnect(Connect connect)
    {
        string key = connect.Address.ToString();
        if (!_children.TryGetValue(key, out IActorRef? child))
        {
            Props props = Props.Create(() => new PeerActor(_dialing, connect.Address));
            _children[key] = child = Context.Watch(Context.ActorOf(props));
        }

        child.Forward(new PeerActor.Dial());
    }

    private void OnDisconnect(Disconnect disconnect)
    {
        // The next connect gets a child of its own: this one handles no more messages.
        bool isKnown = _children.Remove(disconnect.Address.ToString(), out IActorRef? child);
        if (isKnown) Context.Stop(child!);
        Sender.Tell(isKnown);
    }

    private void OnGone(Terminated gone)
    {
        foreach ((string key, IActorRef child) in _children)
        {
            if (child.Equals(gone.ActorRef)) _children.Remove(key);
        }
    }

    /// <summary>Dials an address and keeps it connected. Reply: <see cref="PeerActor.Dialled"/>.</summary>
    internal sealed record Connect(MultiserverAddress Address);

    /// <summary>
    /// Closes the connection to an address and stops dialling it. Reply: a bool, false for an unknown address.
    /// </summary>
    internal sealed record Disconnect(MultiserverAddress Address);
}
