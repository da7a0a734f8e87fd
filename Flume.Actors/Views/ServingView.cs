using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Where a view's serving store stands for everyone to read, whatever its actor is doing.</summary>
/// <remarks>
/// 1. One writer at a time, the view's actor or, when that has stopped, its parent; any thread reads.
/// 2. Readers lease here on threads of their own: no read waits behind a step of the actor, and between a crash of the
/// actor and its return the old rows go on answering.
/// 3. A store that is replaced or closed stays readable for those who lease it.
/// </remarks>
internal sealed class ServingView(IView view, FailureTracker faults, TimeProvider time)
{
    private volatile IView _view = view;
    private volatile ServingSnapshot? _serving;
    private volatile PublishedViewState _facts = PublishedViewState.Starting;
    private volatile ViewOperatorState? _memory;
    private volatile bool _isUp;
    private volatile int _promoted;
    private long _caughtUpAt = time.GetTimestamp();

    /// <summary>The view.</summary>
    public IView View => _view;

    /// <summary>Where the client of a client view comes to; null for other views.</summary>
    public ClientViewSession? Desk { get; private set; } = view is ClientView ? new ClientViewSession() : null;

    /// <summary>The log's head: what a client view is compared with.</summary>
    public Func<Offset> Head { get; init; } = static () => Offset.None;

    /// <summary>Beats whenever readers may see something new.</summary>
    public AsyncSignal Moved { get; } = new();

    /// <summary>The view's errors.</summary>
    public FailureTracker Faults => faults;

    /// <summary>How fast the view applies entries.</summary>
    public RateMeter Rate { get; } = new(time);

    /// <summary>What outlives the process, as last decided.</summary>
    public ViewOperatorState Memory
    {
        get => _memory ?? ViewOperatorState.None;
        set => _memory = value;
    }

    /// <summary>
    /// Takes what the journal remembers, at the first start of the process: later the shelf knows better, also what a
    /// journal that was away has not stored yet.
    /// </summary>
    public void Recall(ViewOperatorState stored) => _memory ??= stored;

    /// <summary>False while the journal has not said what it remembers, and nobody has decided anything since.</summary>
    public bool HasMemory => _memory is not null;

    /// <summary>How the serving store was found; null before it was.</summary>
    public ViewStoreOpening? Opening => _serving?.Opening;

    /// <summary>False while the view's actor is stopped and waits to be started again.</summary>
    public bool IsUp
    {
        get => _isUp;
        set => _isUp = value;
    }

    /// <summary>The last entry that the serving rows reflect.</summary>
    public Offset Since => _serving?.Store.Checkpoint.Since ?? Offset.None;

    /// <summary>
    /// What a reader that names an offset may count on: none for rows of another version, which lack what this version's
    /// readers look for.
    /// </summary>
    public Offset Reached => _serving?.Reached ?? Offset.None;

    /// <summary>True before the view has opened its store for the first time.</summary>
    public bool IsStarting => ReferenceEquals(_facts, PublishedViewState.Starting);

    /// <summary>What the view last published.</summary>
    public PublishedViewState Facts => _facts;

    /// <summary>The serving store; null before the first.</summary>
    public IViewStore? Store => _serving?.Store;

    /// <summary>Leases a snapshot; null when no store is open or its rows are older than asked: then ask the actor.</summary>
    public ViewRead? TryOpen(Offset atLeast)
    {
        if (_serving is not { } serving || serving.Reached < atLeast) return null;
        IViewStore store = serving.Store;
        try
        {
            return new ViewRead(store.OpenReader(), StateOf(_facts, store.Checkpoint.Since), _facts.Rebuilding)
            {
                MayHoldDeleted = Memory.MustPurgeDeleted,
            };
        }
        catch (ObjectDisposedException)
        {
            // Just replaced: its successor is about to stand here.
            return null;
        }
    }

    /// <summary>Counts a rebuild whose rows serve.</summary>
    public void Promoted() => _promoted++;

    /// <summary>Lets a store serve; readers of the present one keep it.</summary>
    public void Serve(ViewStoreOpening opening) => _serving = new ServingSnapshot(opening.Store, opening);

    /// <summary>Is another view's shelf from now on: its store is looked at anew by the next actor.</summary>
    public void Become(IView next)
    {
        if (next is ClientView) Desk ??= new ClientViewSession();
        else Desk = null;
        if (_view.Version != next.Version) faults.Forgive();
        _view = next;
        if (_serving is { } serving) _serving = serving with { Opening = null };
    }

    /// <summary>Takes the store away: nothing serves until the next one.</summary>
    public void Take()
    {
        _serving = null;
        Moved.Beat();
    }

    /// <summary>Publishes what the view does now.</summary>
    public void Publish(PublishedViewState facts)
    {
        if (facts.State == ViewState.Live || _facts.State == ViewState.Live) Volatile.Write(ref _caughtUpAt, time.GetTimestamp());
        _facts = facts;
        Moved.Beat();
    }

    /// <summary>What a reader is told that waited too long.</summary>
    public string LateText(Offset target) =>
        $"View '{_view.Name}' did not reach offset {target} in time; it is {_facts.State} at {Since}. " +
        "Wait longer (flume.reads.wait-ms-max), or read without waiting.";

    /// <summary>Everything an operator may ask, as of now.</summary>
    public ViewStatus Status(OffsetLog log)
    {
        PublishedViewState facts = _facts;
        IViewStore? store = Store;
        Checkpoint at = store?.Checkpoint ?? Checkpoint.Empty;
        Offset head = log.Head;
        double behind = at.Since >= head ? 0 : time.GetElapsedTime(Volatile.Read(ref _caughtUpAt)).TotalSeconds;
        ViewLag lag = LogLag.Measure(log, at.Since, behind);
        double rate = Rate.PerSecond();
        return new ViewStatus
        {
            Name = _view.Name,
            Version = _view.Version,
            State = StateOf(facts, at.Since),
            Kind = ViewOrigin.KindOf(_view),
            Definition = ViewOrigin.DefinitionOf(_view),
            WaitsFor = WaitsFor(facts, at.Since, head),
            Since = at.Since,
            Head = head,
            Lag = lag,
            RecordsPerSecond = rate,
            Eta = StateOf(facts, at.Since) == ViewState.CatchingUp ? RateMeter.Eta(lag.Records, rate) : null,
            Skipped = at.Skipped,
            Restarts = faults.Restarts,
            Rebuilds = _promoted,
            LastError = faults.Last?.Error,
            StoreBytes = SizeOf(store),
            Store = store?.Figures ?? default,
            Rows = new Dictionary<string, long> { ["packed"] = at.BasePostings, ["live"] = at.OverlayPostings },
            Rebuilding = facts.Rebuilding,
            Paused = facts.Pause,
            Budget = Memory.Budget,
        };
    }

    /// <summary>A client view that waits for its client is not live, whatever its actor knows.</summary>
    private ViewState StateOf(PublishedViewState facts, Offset since) =>
        facts.State == ViewState.Live && Desk is not null && since < Head() ? ViewState.CatchingUp : facts.State;

    private string? WaitsFor(PublishedViewState facts, Offset since, Offset head) =>
        Desk is { IsAttended: false } && (since < head || facts.Rebuilding is not null)
            && facts.State is ViewState.Live or ViewState.Rebuilding ? "its client" : null;

    private static long SizeOf(IViewStore? store)
    {
        try
        {
            return store?.SizeBytes ?? 0;
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // Just replaced, and its folder deleted: the next question finds the new one.
            return 0;
        }
    }
}

/// <summary>What serves: one snapshot, so that no reader counts on rows of another store than the one it opens.</summary>
/// <param name="Store">The rows.</param>
/// <param name="Opening">How they were found; null when another version of the view is to look at them anew.</param>
internal sealed record ServingSnapshot(IViewStore Store, ViewStoreOpening? Opening)
{
    /// <summary>What a reader that names an offset may count on.</summary>
    public Offset Reached => Opening is { IsUsable: true } ? Store.Checkpoint.Since : Offset.None;
}
