using Akka.Actor;
using Flume.Muxrpc.Transports;
using Flume.Replication.Addresses;

namespace Flume.Replication.Peers;

/// <summary>
/// Dials one address, runs the connection, and dials again after its end. Each failure increases the delay.
/// </summary>
internal sealed class PeerActor : ReceiveActor, IWithTimers
{
    private readonly PeerDialing _dialing;
    private readonly MultiserverAddress _address;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IActorRef> _asking = [];
    private int _failures;
    private bool _isBusy;
    private bool _isConnected;
    private bool _isKept;

    public PeerActor(PeerDialing dialing, MultiserverAddress address, bool isKept)
    {
        _dialing = dialing;
        _address = address;
        _isKept = isKept;
        Receive<Keep>(_ => _isKept = true);
        Receive<Dial>(_ => OnDial());
        Receive<Retry>(_ => Begin());
        Receive<DialledConnection>(OnDialled);
        Receive<Ended>(_ => OnEnded());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stop.Cancel();
        if (_isBusy) _dialing.Book.Ended(_address, _dialing.RetryAfter);
    }

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
        _dialing.Book.Dialling(_address);
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
            _dialing.Book.Failed(_address, outcome.Error!.Message, _dialing.RetryAfter);
            RetryLater();
            return;
        }

        _failures = 0;
        _isConnected = true;
        _dialing.Book.Connected(_address);
        _dialing.RunAsync(outcome.Connection, _stop.Token)
            .PipeTo(Self, success: static () => new Ended(), failure: static _ => new Ended());
    }

    private void OnEnded()
    {
        _isBusy = _isConnected = false;
        _dialing.Book.Ended(_address, _dialing.RetryAfter);
        RetryLater();
    }

    /// <summary>An address that is not kept is left to the scheduler.</summary>
    private void RetryLater()
    {
        if (_isKept)
            Timers.StartSingleTimer(Retry.Instance, Retry.Instance, AddressBook.Wait(_failures, _dialing.RetryAfter));
        else
            Context.Stop(Self);
    }

    /// <summary>Dials now. Reply: <see cref="Dialled"/>.</summary>
    internal sealed record Dial;

    /// <summary>The outcome of a dial. The error is null if the peer is connected.</summary>
    internal sealed record Dialled(string? Error);

    /// <summary>Keeps the address connected from now on.</summary>
    internal sealed record Keep
    {
        public static readonly Keep Instance = new();
    }

    private sealed record DialledConnection(DialedConnection? Connection, Exception? Error);

    private sealed record Ended;

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }
}
