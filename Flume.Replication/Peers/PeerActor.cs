using Akka.Actor;
using Flume.Muxrpc.Transports;

namespace Flume.Replication.Peers;

/// <summary>One address: dials it, runs the connection, and dials again after its end, later each time it fails.</summary>
internal sealed class PeerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(3);

    private readonly PeerDialing dialing;
    private readonly MultiserverAddress address;
    private readonly CancellationTokenSource stop = new();
    private readonly List<IActorRef> asking = [];
    private int failures;
    private bool isBusy;
    private bool isConnected;

    public PeerActor(PeerDialing dialing, MultiserverAddress address)
    {
        this.dialing = dialing;
        this.address = address;
        Receive<Dial>(_ => OnDial());
        Receive<Retry>(_ => Begin());
        Receive<DialledConnection>(OnDialled);
        Receive<Ended>(_ => OnEnded());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop() => stop.Cancel();

    private void OnDial()
    {
        if (isConnected)
        {
            Sender.Tell(new Dialled(null));
            return;
        }

        asking.Add(Sender);
        if (!isBusy) Begin();
    }

    private void Begin()
    {
        if (isBusy) return;
        isBusy = true;
        Timers.Cancel(Retry.Instance);
        dialing.DialAsync(address, stop.Token).PipeTo(
            Self,
            success: static connection => new DialledConnection(connection, null),
            failure: static error => new DialledConnection(null, error));
    }

    private void OnDialled(DialledConnection outcome)
    {
        foreach (IActorRef who in asking) who.Tell(new Dialled(outcome.Error?.Message));
        asking.Clear();
        if (outcome.Connection is null)
        {
            isBusy = false;
            failures++;
            RetryLater();
            return;
        }

        failures = 0;
        isConnected = true;
        dialing.RunAsync(outcome.Connection, stop.Token)
            .PipeTo(Self, success: static () => new Ended(), failure: static _ => new Ended());
    }

    private void OnEnded()
    {
        isBusy = isConnected = false;
        RetryLater();
    }

    private void RetryLater()
    {
        double factor = Math.Pow(2, Math.Min(failures, 20)) * (0.8 + (Random.Shared.NextDouble() * 0.4));
        TimeSpan wait = dialing.RetryAfter * factor;
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, wait < RetryMax ? wait : RetryMax);
    }

    /// <summary>Dial now. Answer: <see cref="Dialled"/>.</summary>
    internal sealed record Dial;

    /// <summary>The outcome; the error is null when the peer is connected.</summary>
    internal sealed record Dialled(string? Error);

    private sealed record DialledConnection(DialedConnection? Connection, Exception? Error);

    private sealed record Ended;

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }
}
