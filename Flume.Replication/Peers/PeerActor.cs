using Akka.Actor;
using Flume.Muxrpc.Transports;

namespace Flume.Replication.Peers;

/// <summary>
/// Dials one address, runs the connection, and dials again after its end. Each failure increases the delay.
/// </summary>
internal sealed class PeerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(3);

    private readonly PeerDialing _dialing;
    private readonly MultiserverAddress _address;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IActorRef> _asking = [];
    private int _failures;
    private bool _isBusy;
    private bool _isConnected;

    public PeerActor(PeerDialing dialing, MultiserverAddress address)
    {
        _dialing = dialing;
        _address = address;
        Receive<Dial>(_ => OnDial());
        Receive<Retry>(_ => Begin());
        Receive<DialledConnection>(OnDialled);
        Receive<Ended>(_ => OnEnded());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop() => _stop.Cancel();

    private void OnDial()
    {
        if (_isConnected)
        {
            Sender.Tell(new Dialled(null));
            return;
        }

        _asking.Add(Sender);
        if (!_isBusy) Begin();
    }

    private void Begin()
    {
        if (_isBusy) return;
        _isBusy = true;
        Timers.Cancel(Retry.Instance);
        _dialing.DialAsync(_address, _stop.Token).PipeTo(
            Self,
            success: static connection => new DialledConnection(connection, null),
            failure: static error => new DialledConnection(null, error));
    }

    private void OnDialled(DialledConnection outcome)
    {
        foreach (IActorRef who in _asking) who.Tell(new Dialled(outcome.Error?.Message));
        _asking.Clear();
        if (outcome.Connection is null)
        {
            _isBusy = false;
            _failures++;
            RetryLater();
            return;
        }

        _failures = 0;
        _isConnected = true;
        _dialing.RunAsync(outcome.Connection, _stop.Token)
            .PipeTo(Self, success: static () => new Ended(), failure: static _ => new Ended());
    }

    private void OnEnded()
    {
        _isBusy = _isConnected = false;
        RetryLater();
    }

    private void RetryLater()
    {
        double factor = Math.Pow(2, Math.Min(_failures, 20)) * (0.8 + (Random.Shared.NextDouble() * 0.4));
        TimeSpan wait = _dialing.RetryAfter * factor;
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, wait < RetryMax ? wait : RetryMax);
    }

    /// <summary>Dials now. Reply: <see cref="Dialled"/>.</summary>
    internal sealed record Dial;

    /// <summary>The outcome of a dial. The error is null if the peer is connected.</summary>
    internal sealed record Dialled(string? Error);

    private sealed record DialledConnection(DialedConnection? Connection, Exception? Error);

    private sealed record Ended;

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }
}
