using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Registered;
using Flume.Views.Store;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RebuildProtocol;

namespace Flume.Actors;

/// <summary>
/// Builds fresh stores: gathers requests that arrive within a short time, and serves all by one scan.
/// </summary>
/// <remarks>The scan runs on its own threads. This actor starts and stops it, and forwards its progress.</remarks>
internal sealed partial class RebuildActor : ReceiveActor
{
    /// <summary>
    /// How often a scan is postponed for a view that is still opening its store. The limit is for a view whose opening
    /// fails repeatedly.
    /// </summary>
    private const int GatherAgainMax = 25;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly IdentityContext _context;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly RebuildSettings _settings;
    private readonly RebuildQueue<IActorRef> _queue = new();
    private readonly Dictionary<string, NextStore> _targets = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private CancellationTokenSource _stop = new();
    private Task _scan = Task.CompletedTask;
    private long _gathering;
    private int _gatheredAgain;
    private double _share = 1;
    private double _recordsPerSecond = double.PositiveInfinity;

    public RebuildActor(IdentityContext context, OffsetLog log, IActorRef logActor)
    {
        (_context, _log, _logActor, _settings) = (context, log, logActor, context.Settings.Rebuild);
        Receive<RequestRebuild>(OnRequest);
        ReceiveOwnBuilds();
        Receive<CancelRebuild>(cancel => Change(() => _queue.Cancel(cancel.View)));
        Receive<SetScanBudget>(set => Change(() => _queue.SetBudget(set.View, set.Budget)));
        Receive<Gathered>(_ => OnGathered(), gathered => gathered.Number == _gathering);
        Receive<Gathered>(_ => { });
        Receive<RebuildProgress>(OnProgress);
        Receive<Scanned>(scanned => OnDone(scanned.Result), scanned => scanned.Scan == _stop);
        Receive<ScanFailed>(failed => OnFailed(failed.Cause), failed => failed.Scan == _stop);
        Receive<Scanned>(_ => { });
        Receive<ScanFailed>(_ => { });
    }

    /// <summary>Props with the dispatcher for blocking work, because a stop waits for the end of the scan.</summary>
    public static Props Props(IdentityContext context, OffsetLog log, IActorRef logActor) =>
        Akka.Actor.Props.Create(() => new RebuildActor(context, log, logActor)).WithDispatcher(Dispatchers.Log);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stop.Cancel();
        StopOwnBuilds();
        // The next incarnation starts without requests, so the views that wait must send theirs again.
        foreach (RebuildRequest<IActorRef> request in _queue.All)
            request.Asker.Tell(new RebuildForgotten(request.Token));
        // Stores stay when the scan still runs: it writes into their folders.
        if (_scan.Wait(StopWithin)) AbandonTargets();
    }

    private void OnRequest(RequestRebuild request)
    {
        if (_context.Stores(request.View).View is IOwnStoreView own) BuildOwn(own, request);
        else if (_context.Stores(request.View).View is ISequentialView) Sender.Tell(EmptyStore(request));
        else Change(() => _queue.Ask(new(request.View, Sender, request.Token, request.Budget)
        {
            Reason = request.Reason, From = request.From,
        }));
        if (_queue.HasWaiting && !_queue.IsScanning) Gather();
    }

    private void Change(Action change)
    {
        change();
        PublishBudget();
        if (_queue.IsAbandoned) _stop.Cancel();
    }

    /// <summary>Publishes the budget to the scan's threads, which read it after every batch of records.</summary>
    private void PublishBudget()
    {
        IndexBudget budget = _queue.Budget;
        Volatile.Write(ref _share, budget.Share);
        Volatile.Write(ref _recordsPerSecond, budget.RecordsPerSecond ?? double.PositiveInfinity);
    }

    /// <summary>Every request begins the time anew.</summary>
    private void Gather() => Self.TellAfter(_settings.Gather, new Gathered(++_gathering), _context.Time);

    /// <summary>
    /// Starts the scan, or postpones it while views are opening. The views of an identity open one after the other; one
    /// scan serves all that need a rebuild.
    /// </summary>
    private void OnGathered()
    {
        if (_queue.HasWaiting && _context.HasStartingViews && _gatheredAgain++ < GatherAgainMax) Gather();
        else Scan();
    }

    private void Scan()
    {
        _gatheredAgain = 0;
        if (_queue.IsScanning || !_queue.HasWaiting) return;
        foreach (RebuildRequest<IActorRef> waiting in _queue.Begin()) CreateTarget(waiting);
        if (_queue.IsAbandoned)
        {
            _queue.End();
            return;
        }

        PublishBudget();
        _events.Info(
            "Rebuilding {0} of {1} up to {2}.", string.Join(", ", _targets.Keys), _context.Name, _log.Head);
        BulkRequest request = Request(Self);
        CancellationTokenSource stop = _stop;
        Task<BulkResult> scan = BulkIndexer.RunAsync(request, stop.Token);
        scan.PipeTo(
            Self, success: result => new Scanned(stop, result), failure: cause => new ScanFailed(stop, cause));
        _scan = scan.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    /// <summary>
    /// Answers with an empty store. The view catches up step by step, because its rows accumulate in log order.
    /// </summary>
    private object EmptyStore(RequestRebuild request)
    {
        try
        {
            return new Rebuilt(request.Token, _context.Stores(request.View).CreateNext(request.Reason), Offset.None);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or StoreDamagedException)
        {
            return new RebuildFailed(request.Token, cause);
        }
    }

    /// <summary>Creates the store of a request. An error, such as a full disk, fails only this view.</summary>
    private void CreateTarget(RebuildRequest<IActorRef> request)
    {
        try
        {
            _targets[request.View] = _context.Stores(request.View).CreateNext(request.Reason);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or StoreDamagedException)
        {
            _queue.Cancel(request.View);
            request.Asker.Tell(new RebuildFailed(request.Token, cause));
        }
    }

    private BulkRequest Request(IActorRef self) => new(
        _log, _context.Format,
        [.. _queue.Scanning.Select(Target)])
    {
        Degree = _settings.Threads,
        MemoryBytes = _settings.MemoryBytes,
        Share = () => Volatile.Read(ref _share) * _settings.Share,
        RecordsPerSecond = () => Volatile.Read(ref _recordsPerSecond),
        IsQuiet = _queue.Budget.Share * _settings.Share < 1,
        Progress = new RebuildProgressReporter(_context.Time, _settings.ProgressEvery, progress => self.Tell(progress)),
    };

    private BulkTarget Target(RebuildRequest<IActorRef> request)
    {
        ViewStores stores = _context.Stores(request.View);
        return new BulkTarget(stores.View, (RocksViewStore)_targets[request.View].Store)
        {
            Keep = request.From is { } from ? () => stores.Retain(from) : null,
        };
    }

    private void OnProgress(RebuildProgress progress)
    {
        foreach (RebuildRequest<IActorRef> request in _queue.Scanning)
            request.Asker.Tell(new RebuildProgressed(request.Token, progress));
    }

    private void OnDone(BulkResult result)
    {
        Dictionary<string, BulkViewResult> byView = result.Views.ToDictionary(view => view.View);
        foreach (RebuildRequest<IActorRef> request in _queue.End())
        {
            if (byView[request.View].Failure is { } failure)
                request.Asker.Tell(new RebuildFailed(request.Token, failure));
            else if (_targets.Remove(request.View, out NextStore? next))
                request.Asker.Tell(new Rebuilt(request.Token, next, result.Since));
        }

        ScanNext();
    }

    private void OnFailed(Exception thrown)
    {
        Exception cause = thrown is AggregateException { InnerExceptions: [var only] } ? only : thrown;
        if (cause is LogDamagedException damage) ReportDamage(damage);
        foreach (RebuildRequest<IActorRef> request in _queue.End())
            request.Asker.Tell(new RebuildFailed(request.Token, cause));
        ScanNext();
    }

    /// <summary>The log refuses appends before a view publishes the failure.</summary>
    private void ReportDamage(LogDamagedException damage)
    {
        _logActor.Tell(new TurnReadOnly(damage.Message));
        Context.Parent.Tell(new DamageFound(damage.Offset, damage.Message));
    }

    private void ScanNext()
    {
        AbandonTargets();
        _stop = new CancellationTokenSource();
        if (_queue.HasWaiting) Gather();
    }

    /// <summary>Removes the stores that no view received. No scan may fill them.</summary>
    private void AbandonTargets()
    {
        foreach ((string view, NextStore next) in _targets) _context.Stores(view).Abandon(next);
        _targets.Clear();
    }

    /// <summary>
    /// To itself: a scan completed. Its cancellation source identifies it: another incarnation of the actor has another
    /// source.
    /// </summary>
    private sealed record Scanned(CancellationTokenSource Scan, BulkResult Result);

    /// <summary>To itself: a scan failed.</summary>
    private sealed record ScanFailed(CancellationTokenSource Scan, Exception Cause);

    /// <summary>To itself: the time for gathering requests is over.</summary>
    private sealed record Gathered(long Number);
}
