using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>What a view does next: states, commands and the one token, with nothing that touches disk or actors.</summary>
/// <remarks>
/// Rows: <i>usable</i> rows are of this version and can follow the log; others answer reads and stand still.
/// <code>
///  input \ state | catching up   | live         | paused             | rebuilding                  | faulted
///  --------------+---------------+--------------+--------------------+-----------------------------+------------------
///  stepped       | step, or live | -            | -                  | usable rows go on following | -
///  overtaken     | rebuilding    | -            | -                  | -                           | -
///  head advanced | -             | catching up  | -                  | usable rows: step           | -
///  Rebuild       | rebuilding    | rebuilding   | refused            | refused                     | rebuilding
///  Renew         | rebuilding    | rebuilding   | owes a rebuild     | starts over                 | rebuilding
///  Cancel        | refused       | refused      | refused            | back to what it was; paused | refused
///                |               |              |                    | when no row is usable       |
///  Pause         | paused        | paused       | paused, new reason | refused                     | refused
///  Resume        | refused       | refused      | catching up, or    | refused                     | catching up, or
///                |               |              | the rebuild it owes|                             | the rebuild it owes
///  built         | -             | -            | -                  | closes in, then catching up | -
///  build failed  | -             | -            | -                  | back, or crash: no rows     | -
///  forgotten     | -             | -            | -                  | asks for it again           | -
///  damage        | faulted       | faulted      | paused, faulted    | faulted                     | faulted
/// </code>
/// Overtaken: so much of the log is left that a rebuild is done sooner. The rows stand still meanwhile, and go on when
/// there will be no fresh store.
/// Closing in: a fresh store reflects the log as of the rebuild's start. Its rows serve once they are at least as fresh
/// as those they replace, so that no reader sees a view go back.
/// 1. There is one token, named by <see cref="Token"/>: in the view's mailbox, at the log, or held. Tokens of other
/// numbers are void, so the view never steps twice for one piece of news.
/// 2. It is held exactly when the view <see cref="MayStep"/> not.
/// 3. Without usable rows the view is rebuilding, paused or faulted.
/// 4. A refused command changes nothing.
/// 5. A rebuild that a deletion asked for is owed until fresh rows serve: cancelling or failing only puts it off.
/// </remarks>
internal sealed class ViewStateMachine(string view)
{
    private enum Phase { None, Scanning, ClosingIn }

    private enum Place { Held, Mailbox, Log }

    private bool _usable;
    private string? _owed;
    private Phase _rebuild;
    private Place _place;
    private bool _standsBack;

    /// <summary>The number of the valid token.</summary>
    public long Token { get; private set; }

    /// <summary>The pause in force.</summary>
    public PauseInfo? Pause { get; private set; }

    /// <summary>What keeps the view from going on.</summary>
    public string? Fault { get; private set; }

    /// <summary>Why the rebuild under way was started; null when none is.</summary>
    public string? RebuildReason => _rebuild == Phase.None ? null : _owed;

    /// <summary>Why the view is or must be rebuilt: outlives a restart. Null when it need not be.</summary>
    public string? Owed => _owed;

    /// <summary>
    /// True when <see cref="Owed"/> can't be given up: rows of a deleted record are left. Outlives a restart, and ends
    /// when fresh rows serve.
    /// </summary>
    public bool MustPurgeDeleted { get; set; }

    /// <summary>True while a fresh store is being built.</summary>
    public bool IsScanning => _rebuild == Phase.Scanning;

    /// <summary>True while steps go into the fresh store instead of the serving one.</summary>
    public bool IsClosingIn => _rebuild == Phase.ClosingIn;

    /// <summary>True when the view may apply entries now.</summary>
    public bool MayStep => IsClosingIn || MayFollow;

    /// <summary>True when the serving rows may go on, whether or not a fresh store closes in.</summary>
    public bool MayFollow => _usable && Fault is null && Pause is null && !_standsBack;

    /// <summary>True when since will not move before an operator acts: waiting for it is in vain.</summary>
    public bool IsStanding => State is ViewState.Paused or ViewState.Faulted;

    /// <summary>The state that the world sees.</summary>
    public ViewState State =>
        _rebuild != Phase.None ? ViewState.Rebuilding
        : Fault is not null ? ViewState.Faulted
        : Pause is not null ? ViewState.Paused
        : _place == Place.Log ? ViewState.Live
        : ViewState.CatchingUp;

    /// <summary>The store is open, or there is none.</summary>
    /// <param name="usable">True when its rows can follow the log.</param>
    /// <param name="owed">Why it must be rebuilt; null when it need not be.</param>
    /// <param name="pause">A pause that outlived the last run.</param>
    /// <param name="fault">What stopped the last incarnation for good.</param>
    public ViewEffects Opened(bool usable, string? owed, PauseInfo? pause, string? fault)
    {
        (_usable, _owed, Pause, Fault, _rebuild, _standsBack) = (usable, owed, pause, fault, Phase.None, false);
        return GoOn();
    }

    /// <summary>True when <paramref name="token"/> is the valid one and buys a step.</summary>
    public bool Admits(long token) => token == Token && MayStep;

    /// <summary>A step is done.</summary>
    /// <param name="isAtHead">True when nothing more is there to apply.</param>
    /// <param name="mayPromote">True when the fresh rows are as fresh as the serving ones.</param>
    public ViewEffects Stepped(bool isAtHead, bool mayPromote)
    {
        ViewEffects promote = ViewEffects.None;
        if (IsClosingIn && mayPromote)
        {
            (_usable, _owed, MustPurgeDeleted, _rebuild, Fault, _standsBack) = (true, null, false, Phase.None, null, false);
            promote = ViewEffects.Promote | ViewEffects.Settled;
        }

        return promote | (isAtHead ? Issue(Place.Log) : Issue(Place.Mailbox));
    }

    /// <summary>A rebuild would be done sooner than the steps that are left.</summary>
    /// <param name="reason">Why, with the values.</param>
    public ViewEffects Overtaken(string reason)
    {
        if (!MayStep || _rebuild != Phase.None) return ViewEffects.None;
        (_owed, _standsBack) = (_owed ?? reason, true);
        return StartRebuild() | Hold();
    }

    /// <summary>The log has news for a token.</summary>
    public ViewEffects HeadAdvanced(long token) =>
        Admits(token) && _place == Place.Log ? Issue(Place.Mailbox) : ViewEffects.None;

    /// <summary>The fresh store is complete up to where the scan ended.</summary>
    public ViewEffects Built()
    {
        if (_rebuild != Phase.Scanning) return ViewEffects.None;
        _rebuild = Phase.ClosingIn;
        return ViewEffects.OpenNext | Issue(Place.Mailbox);
    }

    /// <summary>There will be no fresh store.</summary>
    public ViewEffects BuildFailed()
    {
        if (_rebuild != Phase.Scanning) return ViewEffects.None;
        _rebuild = Phase.None;
        if (!_usable) return ViewEffects.Crash;
        ViewEffects token = ComeForward();
        if (MustPurgeDeleted) return token;
        _owed = null;
        return token | ViewEffects.Settled;
    }

    /// <summary>Whoever built the fresh store has lost the request; it is still wanted.</summary>
    public ViewEffects BuildForgotten() => _rebuild == Phase.Scanning ? StartRebuild() : ViewEffects.None;

    /// <summary>The log is damaged where the view must read on: no try can pass that.</summary>
    public ViewEffects Damaged(string text)
    {
        ViewEffects stop = StopRebuild();
        (Fault, _standsBack) = (text, false);
        return stop | Hold();
    }

    /// <summary>Rebuild, asked by an operator.</summary>
    public ViewDecision Rebuild(string reason)
    {
        if (_rebuild != Phase.None) return Refuse($"is being rebuilt already ({_owed}). Wait, or cancel that first");
        if (Pause is not null) return Refuse($"is paused ({Pause.Reason}). Resume it first");
        _owed ??= reason;
        return StartOver();
    }

    /// <summary>
    /// Rebuild, because the log itself changed (a record was deleted): what is being built is of no use, and a paused
    /// view owes it. Never refused.
    /// </summary>
    public ViewDecision Renew(string reason)
    {
        (_owed, MustPurgeDeleted) = (_owed ?? reason, true);
        return Pause is null ? StartOver() : Accept("is paused; it is rebuilt when it is resumed", ViewEffects.Remember);
    }

    /// <summary>Cancel, asked by an operator.</summary>
    public ViewDecision Cancel()
    {
        if (_rebuild == Phase.None) return Refuse("is not being rebuilt: there is nothing to cancel");
        bool wasClosingIn = IsClosingIn;
        ViewEffects stop = StopRebuild();
        if (_usable && !MustPurgeDeleted) _owed = null;
        if (!_usable) Pause = new PauseInfo("its rebuild was cancelled and it has no rows that can go on", null);
        ViewEffects forward = ComeForward();
        ViewEffects next = !MayStep ? Hold() : wasClosingIn ? Issue(Place.Mailbox) : forward;
        string text = !_usable ? "is paused; resume it to rebuild it"
            : MustPurgeDeleted ? "keeps its old rows and goes on from them; deleted records leave them at the next rebuild"
            : "keeps its old rows and goes on from them";
        return Accept(text, stop | next | ViewEffects.Remember);
    }

    /// <summary>Pause, asked by an operator.</summary>
    public ViewDecision PauseNow(PauseInfo info)
    {
        if (_rebuild != Phase.None) return Refuse("is being rebuilt. Cancel that first, or wait for its end");
        if (Fault is not null) return Refuse("is faulted, so it stands still already");
        Pause = info;
        return Accept("is paused; it answers the rows it has", Hold() | ViewEffects.Remember);
    }

    /// <summary>Resume, asked by an operator or by a pause that has run out.</summary>
    public ViewDecision Resume()
    {
        if (_rebuild != Phase.None || (Pause is null && Fault is null))
            return Refuse("is neither paused nor faulted: there is nothing to resume");
        (Pause, Fault) = (null, null);
        return Accept("goes on", GoOn() | ViewEffects.Remember | ViewEffects.Forgive);
    }

    private ViewDecision StartOver()
    {
        bool wasClosingIn = IsClosingIn;
        ViewEffects drop = wasClosingIn ? StopRebuild() : ViewEffects.None;
        ViewEffects start = StartRebuild();
        ViewEffects token = !wasClosingIn ? ViewEffects.None : MayStep ? Issue(Place.Mailbox) : Hold();
        return Accept("is being rebuilt; its old rows go on answering", drop | start | token | ViewEffects.Remember);
    }

    private ViewEffects GoOn()
    {
        if (Fault is not null || Pause is not null) return Hold();
        ViewEffects rebuild = _owed is not null ? StartRebuild() : ViewEffects.None;
        return rebuild | (MayStep ? Issue(Place.Mailbox) : Hold());
    }

    private ViewEffects StartRebuild()
    {
        _rebuild = Phase.Scanning;
        return ViewEffects.RequestRebuild;
    }

    private ViewEffects StopRebuild()
    {
        ViewEffects stop = _rebuild switch
        {
            Phase.Scanning => ViewEffects.CancelRebuild,
            Phase.ClosingIn => ViewEffects.DropNext,
            _ => ViewEffects.None,
        };
        _rebuild = Phase.None;
        return stop;
    }

    /// <summary>The rows need not wait for fresh ones any more.</summary>
    private ViewEffects ComeForward()
    {
        if (!_standsBack) return ViewEffects.None;
        _standsBack = false;
        return MayStep ? Issue(Place.Mailbox) : ViewEffects.None;
    }

    private ViewEffects Issue(Place place)
    {
        Token++;
        _place = place;
        return place == Place.Mailbox ? ViewEffects.Step : ViewEffects.AwaitHead;
    }

    private ViewEffects Hold()
    {
        Token++;
        _place = Place.Held;
        return IsStanding ? ViewEffects.RefuseReaders : ViewEffects.None;
    }

    private static ViewDecision Accept(string text, ViewEffects effects) => new(true, text, effects);

    private ViewDecision Refuse(string why) => new(false, $"View '{view}' {why}.", ViewEffects.None);
}
