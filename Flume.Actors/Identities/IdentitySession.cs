using System.Collections.Concurrent;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors;

/// <summary>What an identity's actors publish for its callers: the open log, the boxes, the shelf of each view.</summary>
/// <remarks>
/// 1. The identity's actor writes; any thread reads. 2. The log is null while the identity is closed. 3. Shelves are the
/// same objects for the life of the process, so a caller's reference outlives any restart; a registered view's until it
/// is removed.
/// </remarks>
internal sealed class IdentitySession
{
    private readonly ConcurrentDictionary<string, ServingView> _servingViews = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private volatile OpenIdentity? _open;
    private long _touchedAt;
    private int _waiting;
    private int _calls;

    public IdentitySession(ViewCatalog catalog, int faultTries, TimeProvider time)
    {
        _time = time;
        foreach (IView view in catalog.Views) _servingViews[view.Name] = new(view, new FailureTracker(faultTries), time);
        _touchedAt = time.GetTimestamp();
    }

    /// <summary>What is open; null while the identity is closed.</summary>
    public OpenIdentity? Open => _open;

    /// <summary>The open log, for reading; null while the identity is closed.</summary>
    public OffsetLog? Log => _open?.Log;

    /// <summary>Opens private messages; null without keys, or while the identity is closed.</summary>
    public Unboxer? Boxes => _open?.Boxes;

    /// <summary>How many callers wait for news of the log.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Time since the last call to the identity ended; zero while one is under way.</summary>
    public TimeSpan Idle =>
        Volatile.Read(ref _calls) > 0 ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _touchedAt));

    /// <summary>A view's shelf; null when there is no such view.</summary>
    public ServingView? Serving(string view) => _servingViews.GetValueOrDefault(view);

    /// <summary>The shelf of a registered view, which is another view from now on; made when there is none.</summary>
    public ServingView Keep(IRegisteredView view, int faultTries)
    {
        ServingView serving = _servingViews.GetOrAdd(
            view.Name, _ => new(view, new FailureTracker(faultTries), _time) { Head = () => Log?.Head ?? Offset.None });
        serving.ReplaceView(view);
        return serving;
    }

    /// <summary>Forgets the shelf of a registered view.</summary>
    public void Drop(string view)
    {
        if (_servingViews.TryRemove(view, out ServingView? serving)) serving.Withdraw();
    }

    /// <summary>A call begins; who enters must <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _calls);

    /// <summary>A call ends.</summary>
    public void Leave()
    {
        Volatile.Write(ref _touchedAt, _time.GetTimestamp());
        Interlocked.Decrement(ref _calls);
    }

    /// <summary>False when as many wait as allowed; who enters must leave.</summary>
    public bool TryEnterWaiting(int max)
    {
        if (Interlocked.Increment(ref _waiting) <= max) return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>Waits no longer.</summary>
    public void LeaveWaiting() => Interlocked.Decrement(ref _waiting);

    /// <summary>The log is open.</summary>
    public void Opened(OffsetLog log, Unboxer? boxes) => _open = new OpenIdentity(log, boxes);

    /// <summary>The log is closed, or about to be.</summary>
    public void Closed() => _open = null;
}

/// <summary>An open identity: one snapshot, so that no caller sees a log whose boxes are not open yet.</summary>
/// <param name="Log">The log, for reading.</param>
/// <param name="Boxes">Opens private messages; null without keys.</param>
internal sealed record OpenIdentity(OffsetLog Log, Unboxer? Boxes);
