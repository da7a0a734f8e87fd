using System.Collections.Concurrent;
using Akka.Actor;
using Flume.Actors.Protocol;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors;

/// <summary>The state that an identity's actors publish for callers: open log, unboxer, serving views.</summary>
/// <remarks>
/// 1. The identity's actor writes; any thread reads.
/// 2. The log is null while the identity is closed.
/// 3. A ServingView is one object for the life of the process, so a caller's reference survives restarts. That of a
/// registered view ends when the view is removed.
/// </remarks>
internal sealed class IdentitySession
{
    private readonly ConcurrentDictionary<string, ServingView> _servingViews = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private volatile OpenIdentity? _open;
    private volatile IdentityRoutes? _routes;
    private long _lastCallAt;
    private int _waiting;
    private int _calls;

    public IdentitySession(ViewCatalog catalog, int faultTries, TimeProvider time)
    {
        _time = time;
        foreach (IView view in catalog.Views)
            _servingViews[view.Name] = new(view, new FailureTracker(faultTries), time);
        _lastCallAt = time.GetTimestamp();
    }

    /// <summary>The open log and unboxer; null while the identity is closed.</summary>
    public OpenIdentity? Open => _open;

    /// <summary>
    /// The actors that take messages without a router; null unless the identity is open and stays open.
    /// </summary>
    public IdentityRoutes? Routes => _routes;

    /// <summary>The open log, for reading; null while the identity is closed.</summary>
    public OffsetLog? Log => _open?.Log;

    /// <summary>Decrypts private messages; null without keys or while the identity is closed.</summary>
    public Unboxer? Boxes => _open?.Boxes;

    /// <summary>Number of callers that wait for a head change.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Time since the last call to the identity ended; zero during a call.</summary>
    public TimeSpan Idle =>
        Volatile.Read(ref _calls) > 0 ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastCallAt));

    /// <summary>The ServingViews of all views, in no order.</summary>
    public IEnumerable<ServingView> ServingViews => _servingViews.Values;

    /// <summary>The ServingView of a view; null when there is no such view.</summary>
    public ServingView? Serving(string view) => _servingViews.GetValueOrDefault(view);

    /// <summary>Adds a registered view, or replaces the view in the ServingView of its name.</summary>
    public ServingView Keep(IRegisteredView view, int faultTries)
    {
        ServingView serving = _servingViews.GetOrAdd(
            view.Name, _ => new(view, new FailureTracker(faultTries), _time) { Head = () => Log?.Head ?? Offset.None });
        serving.ReplaceView(view);
        return serving;
    }

    /// <summary>Removes the ServingView of a registered view.</summary>
    public void Drop(string view)
    {
        if (_servingViews.TryRemove(view, out ServingView? serving)) serving.Withdraw();
    }

    /// <summary>Counts a call; each needs one <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _calls);

    /// <summary>Ends a call.</summary>
    public void Leave()
    {
        Volatile.Write(ref _lastCallAt, _time.GetTimestamp());
        Interlocked.Decrement(ref _calls);
    }

    /// <summary>Counts a waiting caller; false at the limit. Each true needs one <see cref="LeaveWaiting"/>.</summary>
    public bool TryEnterWaiting(int max)
    {
        if (Interlocked.Increment(ref _waiting) <= max) return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>Ends the wait of a caller.</summary>
    public void LeaveWaiting() => Interlocked.Decrement(ref _waiting);

    /// <summary>Publishes the open log.</summary>
    public void Opened(OffsetLog log, Unboxer? boxes) => _open = new OpenIdentity(log, boxes);

    /// <summary>Log and views take messages directly from now on.</summary>
    public void OpenRoutes(IdentityRoutes routes) => _routes = routes;

    /// <summary>Messages pass the router from now on: the identity is about to close.</summary>
    public void CloseRoutes() => _routes = null;

    /// <summary>The log is closed, or about to be.</summary>
    public void Closed()
    {
        _routes = null;
        _open = null;
    }
}

/// <summary>The actors of an open identity that callers may send to.</summary>
/// <param name="Log">The LogActor.</param>
/// <param name="Views">The ViewCoordinatorActor.</param>
internal sealed record IdentityRoutes(IActorRef Log, IActorRef Views)
{
    /// <summary>The actor that handles a message; null when the router must decide.</summary>
    public IActorRef? For(object message) => message switch
    {
        LogProtocol.Append or LogProtocol.Reopen or LogProtocol.GetLogStatus => Log,
        ViewProtocol.IForView or ViewProtocol.GetStatus or LogProtocol.Delete => Views,
        _ => null,
    };
}

/// <summary>An open identity in one snapshot, so that no caller sees a log without its unboxer.</summary>
/// <param name="Log">The log, for reading.</param>
/// <param name="Boxes">Decrypts private messages; null without keys.</param>
internal sealed record OpenIdentity(OffsetLog Log, Unboxer? Boxes);
