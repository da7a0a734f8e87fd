using Akka.Actor;
using Flume.Muxrpc.Transports;
using Flume.Replication.Addresses;

namespace Flume.Replication.Peers;

/// <summary>The peers that one identity dials: one child actor for each address.</summary>
/// <remarks>
/// Addresses of the owner and of the configuration are always dialled. Of the others in the address book, a limited
/// number is dialled: the strongest source first, then the one that was tried longest ago.
/// </remarks>
internal sealed class PeersActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RotateAfter = TimeSpan.FromMinutes(30);

    private readonly PeerDialing _dialing;
    private readonly Dictionary<string, Child> _children = new(StringComparer.Ordinal);
    private bool _isStopped;

    public PeersActor(PeerDialing dialing)
    {
        _dialing = dialing;
        Receive<Connect>(OnConnect);
        Receive<Disconnect>(OnDisconnect);
        Receive<Schedule>(schedule => _isStopped = !schedule.IsOn);
        Receive<Look>(_ => OnLook());
        Receive<Save>(_ => _dialing.Book.Save());
        Receive<Terminated>(OnGone);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Restart);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookEvery);
        Timers.StartPeriodicTimer(Save.Instance, Save.Instance, SaveEvery);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _dialing.Book.Save();

    private void OnConnect(Connect connect)
    {
        if (connect.Address.Seed is null) _dialing.Book.Remember(connect.Address, connect.Source, autoConnect: true);
        Start(connect.Address, isKept: true).Forward(new PeerActor.Dial());
    }

    private IActorRef Start(MultiserverAddress address, bool isKept)
    {
        string key = address.ToString();
        if (_children.TryGetValue(key, out Child known) && (known.IsKept || !isKept)) return known.Actor;
        if (known.Actor is not null)
        {
            known.Actor.Tell(PeerActor.Keep.Instance);
            _children[key] = known with { IsKept = true };
            return known.Actor;
        }

        Props props = Props.Create(() => new PeerActor(_dialing, address, isKept));
        IActorRef actor = Context.Watch(Context.ActorOf(props));
        _children[key] = new Child(actor, isKept, DateTimeOffset.UtcNow);
        return actor;
    }

    private void OnDisconnect(Disconnect disconnect)
    {
        string address = disconnect.Address.ToString();
        // The next connect gets a child of its own: this one handles no more messages.
        bool isKnown = _children.Remove(address, out Child child);
        if (isKnown) Context.Stop(child.Actor);
        _dialing.Book.SetAutoConnect(address, false);
        Sender.Tell(isKnown);
    }

    /// <summary>Dials the addresses whose turn it is.</summary>
    private void OnLook()
    {
        if (_isStopped) return;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        PeerEntry[] waiting = [.. _dialing.Book.All()
            .Where(entry => entry.AutoConnect && entry.NextAt <= now)
            .Where(entry => !_children.ContainsKey(entry.Address.ToString()))
            .Where(entry => _dialing.MayDial(entry.Key))
            .OrderByDescending(static entry => entry.Source).ThenBy(static entry => entry.StateChange)];
        int free = _dialing.Settings.OutgoingMax - _children.Values.Count(static child => !child.IsKept);
        foreach (PeerEntry entry in waiting)
        {
            bool isKept = entry.Source >= PeerSource.Manual;
            if (!isKept && free-- <= 0) break;
            Start(entry.Address, isKept).Tell(new PeerActor.Dial());
        }

        if (free < 0) Rotate(now);
    }

    /// <summary>Ends the oldest connection of the scheduler, because other addresses wait.</summary>
    private void Rotate(DateTimeOffset now)
    {
        Child oldest = _children.Values.Where(static child => !child.IsKept).MinBy(static child => child.Since);
        if (oldest.Actor is not null && now - oldest.Since > RotateAfter) Context.Stop(oldest.Actor);
    }

    private void OnGone(Terminated gone)
    {
        foreach ((string key, Child child) in _children)
        {
            if (child.Actor.Equals(gone.ActorRef)) _children.Remove(key);
        }
    }

    /// <summary>Dials an address and keeps it connected. Reply: <see cref="PeerActor.Dialled"/>.</summary>
    internal sealed record Connect(MultiserverAddress Address, PeerSource Source = PeerSource.Manual);

    /// <summary>
    /// Closes the connection to an address and stops dialling it. Reply: a bool, false for an unknown address.
    /// </summary>
    internal sealed record Disconnect(MultiserverAddress Address);

    /// <summary>Starts or stops the scheduler. Open connections stay.</summary>
    internal sealed record Schedule(bool IsOn);

    private readonly record struct Child(IActorRef Actor, bool IsKept, DateTimeOffset Since);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Save
    {
        public static readonly Save Instance = new();
    }
}
