using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The state of one view as operators see it: state, rate, errors, pause, budget.</summary>
/// <remarks>One writer at a time, as for <see cref="ServingView"/>; any thread reads.</remarks>
internal sealed class ViewStatusTracker(ServingView serving, FailureTracker failures, TimeProvider time)
{
    private volatile PublishedViewState _published = PublishedViewState.Starting;
    private volatile ViewOperatorState? _operatorState;
    private volatile bool _isUp;
    private long _caughtUpAt = time.GetTimestamp();

    /// <summary>The view's errors.</summary>
    public FailureTracker Failures => failures;

    /// <summary>The rate at which the view applies entries.</summary>
    public RateMeter Rate { get; } = new(time);

    /// <summary>Pause, budget and pending rebuild; the journal stores them.</summary>
    public ViewOperatorState OperatorState
    {
        get => _operatorState ?? ViewOperatorState.None;
        set => _operatorState = value;
    }

    /// <summary>False until the journal has answered or a command has set the state.</summary>
    public bool HasOperatorState => _operatorState is not null;

    /// <summary>False while the view's actor is stopped and its supervisor waits.</summary>
    public bool IsUp
    {
        get => _isUp;
        set => _isUp = value;
    }

    /// <summary>The last state that the view published.</summary>
    public PublishedViewState Published => _published;

    /// <summary>True before the view has opened its store for the first time.</summary>
    public bool IsStarting => ReferenceEquals(_published, PublishedViewState.Starting);

    /// <summary>
    /// Takes what the journal holds, once a process. Later this object is newer than a journal that failed meanwhile.
    /// </summary>
    public void Restore(ViewOperatorState stored) => _operatorState ??= stored;

    /// <summary>Publishes the state of the view.</summary>
    public void Publish(PublishedViewState next)
    {
        if (next.State == ViewState.Live || _published.State == ViewState.Live)
            Volatile.Write(ref _caughtUpAt, time.GetTimestamp());
        _published = next;
        serving.Changed.Set();
    }

    /// <summary>The state for rows at <paramref name="since"/>: a client view behind the head is not live.</summary>
    public ViewState StateAt(Offset since) => StateAt(_published, since);

    /// <summary>All figures of the view, as of now.</summary>
    public ViewStatus Status(OffsetLog log)
    {
        PublishedViewState published = _published;
        IView view = serving.View;
        IViewStore? store = serving.Store;
        Checkpoint at = store?.Checkpoint ?? Checkpoint.Empty;
        Offset head = log.Head;
        double behind = at.Since >= head ? 0 : time.GetElapsedTime(Volatile.Read(ref _caughtUpAt)).TotalSeconds;
        ViewLag lag = LogLag.Measure(log, at.Since, behind);
        double rate = Rate.PerSecond();
        ViewState state = StateAt(published, at.Since);
        return new ViewStatus
        {
            Name = view.Name,
            Version = view.Version,
            State = state,
            Kind = ViewOrigin.KindOf(view),
            Definition = ViewOrigin.DefinitionOf(view),
            WaitsFor = WaitsFor(published, at.Since, head),
            Since = at.Since,
            Head = head,
            Lag = lag,
            RecordsPerSecond = rate,
            Eta = state == ViewState.CatchingUp ? RateMeter.Eta(lag.Records, rate) : null,
            Skipped = at.Skipped,
            Restarts = failures.Restarts,
            LastError = failures.Last?.Error,
            StoreBytes = SizeOf(store),
            Store = store?.Figures ?? default,
            Rows = new Dictionary<string, long> { ["packed"] = at.BasePostings, ["live"] = at.OverlayPostings },
            Rebuilding = published.Rebuilding,
            Paused = published.Pause,
            Budget = OperatorState.Budget,
        };
    }

    private ViewState StateAt(PublishedViewState published, Offset since) =>
        published.State == ViewState.Live && serving.ClientSession is not null && since < serving.Head()
            ? ViewState.CatchingUp : published.State;

    private string? WaitsFor(PublishedViewState published, Offset since, Offset head) =>
        serving.ClientSession is { IsAttached: false } && (since < head || published.Rebuilding is not null)
            && published.State is ViewState.Live or ViewState.Rebuilding ? "its client" : null;

    private static long SizeOf(IViewStore? store)
    {
        try
        {
            return store?.SizeBytes ?? 0;
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // The store was replaced and its folder deleted in this moment; the next call sees the new one.
            return 0;
        }
    }
}
