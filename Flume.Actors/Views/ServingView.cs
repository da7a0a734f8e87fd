using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The serving store of one view, published for readers.</summary>
/// <remarks>
/// 1. One writer at a time: the view's actor or, while that is stopped, its parent. Any thread reads.
/// 2. A reader leases the store on its own thread. A read never waits for a step of the actor, and the old rows answer
/// between a crash of the actor and its restart.
/// 3. A store that is replaced or closed stays readable until its last lease ends.
/// </remarks>
internal sealed class ServingView
{
    private volatile IView _view;
    private volatile ServingSnapshot? _snapshot;

    /// <param name="view">The view.</param>
    /// <param name="failures">Its errors.</param>
    /// <param name="time">The clock of rates and lags.</param>
    public ServingView(IView view, FailureTracker failures, TimeProvider time)
    {
        _view = view;
        ClientSession = view is ClientView ? new ClientViewSession() : null;
        Tracker = new ViewStatusTracker(this, failures, time);
    }

    /// <summary>The view.</summary>
    public IView View => _view;

    /// <summary>The meeting point of a client view with its client; null for other views.</summary>
    public ClientViewSession? ClientSession { get; private set; }

    /// <summary>The head of the log, which the since of a client view is compared with.</summary>
    public Func<Offset> Head { get; init; } = static () => Offset.None;

    /// <summary>Set after each change that readers may see.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>The state of the view, for operators.</summary>
    public ViewStatusTracker Tracker { get; }

    /// <summary>How the serving store was found; null before it was.</summary>
    public ViewStoreOpening? Opening => _snapshot?.Opening;

    /// <summary>The serving store; null before the first.</summary>
    public IViewStore? Store => _snapshot?.Store;

    /// <summary>The last entry that the serving rows reflect.</summary>
    public Offset Since => _snapshot?.Store.Checkpoint.Since ?? Offset.None;

    /// <summary>The largest offset that a reader may name; none when the rows are of another version.</summary>
    public Offset Reached => _snapshot?.Reached ?? Offset.None;

    /// <summary>
    /// Leases the rows; null when no store is open or its rows reflect less than <paramref name="atLeast"/>. The actor
    /// answers then.
    /// </summary>
    public ViewRead? TryOpen(Offset atLeast)
    {
        if (_snapshot is not { } serving || serving.Reached < atLeast) return null;
        IViewStore store = serving.Store;
        try
        {
            return new ViewRead(
                store.OpenReader(), Tracker.StateAt(store.Checkpoint.Since), Tracker.Published.Rebuilding)
            {
                MayHoldDeleted = Tracker.OperatorState.MustPurgeDeleted,
            };
        }
        catch (ObjectDisposedException)
        {
            // The store was replaced in this moment; its successor is published next.
            return null;
        }
    }

    /// <summary>Publishes a store; leases of the present one stay valid.</summary>
    public void Serve(ViewStoreOpening opening) => _snapshot = new ServingSnapshot(opening.Store, opening);

    /// <summary>Replaces the view; the next actor inspects the store again.</summary>
    public void ReplaceView(IView next)
    {
        if (next is ClientView) ClientSession ??= new ClientViewSession();
        else ClientSession = null;
        if (_view.Version != next.Version) Tracker.Failures.ResetFailures();
        _view = next;
        if (_snapshot is { } serving) _snapshot = serving with { Opening = null };
    }

    /// <summary>Withdraws the store: no rows answer until the next one.</summary>
    public void Withdraw()
    {
        _snapshot = null;
        Changed.Set();
    }

    /// <summary>The text for a reader whose deadline passed.</summary>
    public string LateText(Offset target) =>
        $"View '{_view.Name}' did not reach offset {target} in time; it is {Tracker.Published.State} at {Since}. " +
        "Wait longer (flume.reads.wait-ms-max), or read without waiting.";
}

/// <summary>A published store, in one field: a reader never compares its offset with another store than it opens.</summary>
/// <param name="Store">The rows.</param>
/// <param name="Opening">How they were found; null when another version of the view must inspect them.</param>
internal sealed record ServingSnapshot(IViewStore Store, ViewStoreOpening? Opening)
{
    /// <summary>The largest offset that a reader may name.</summary>
    public Offset Reached => Opening is { IsUsable: true } ? Store.Checkpoint.Since : Offset.None;
}
