using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>The states of a view, its commands and its step permit, with no access to disk or actors.</summary>
/// <remarks>
/// <i>Usable</i> rows are of this version and can follow the log. Other rows answer reads and do not advance.
/// <code>
///  input \ state | catching up   | live         | paused             | rebuilding                  | faulted
///  --------------+---------------+--------------+--------------------+-----------------------------+------------------
///  stepped       | step, or live | -            | -                  | usable rows keep following  | -
///  too far behind| rebuilding    | -            | -                  | -                           | -
///  head advanced | -             | catching up  | -                  | usable rows: step           | -
///  Rebuild       | rebuilding    | rebuilding   | refused            | refused                     | rebuilding
///  PurgeDeleted  | rebuilding    | rebuilding   | pending rebuild    | starts over                 | rebuilding
///  Cancel        | refused       | refused      | refused            | the state before; paused    | refused
///                |               |              |                    | when no row is usable       |
///  Pause         | paused        | paused       | paused, new reason | refused                     | refused
///  Resume        | refused       | refused      | catching up, or    | refused                     | catching up, or
///                |               |              | the pending rebuild|                             | the pending rebuild
///  built         | -             | -            | -                  | cutting over, catching up   | -
///  build failed  | -             | -            | -                  | the state before, or crash  | -
///  forgotten     | -             | -            | -                  | requests it again           | -
///  damage        | faulted       | faulted      | paused, faulted    | faulted                     | faulted
/// </code>
/// Too far behind: a rebuild ends sooner than the steps that remain. The rows are suspended meanwhile. They resume when
/// the rebuild gives no fresh store.
/// Cutting over: a fresh store reflects the log as of the start of its rebuild. It serves when it is at least as fresh
/// as the store that it replaces, so no reader sees the view go back.
/// 1. There is one step permit, with the number <see cref="Token"/>: queued in the mailbox, at the log, or withheld.
/// Permits of other numbers are void, so the view never steps twice for one head change.
/// 2. The permit is withheld exactly when <see cref="MayStep"/> is false.
/// 3. A view without usable rows is rebuilding, paused or faulted.
/// 4. A refused command changes nothing.
/// 5. A rebuild that a deletion requires stays pending until fresh rows serve; a cancel or a failure only delays it.
/// </remarks>
internal sealed class ViewStateMachine(string view)
{
    private enum Phase { None, Scanning, CuttingOver }

    private enum Permit { None, Queued, AwaitingHead }

    private bool _usable;
    private string? _pendingRebuild;
    private Phase _rebuild;
    private Permit _permit;
    private bool _isSuspended;

    /// <summary>The number of the valid step permit.</summary>
    public long Token { get; private set; }

    /// <summary>The pause in force.</summary>
    public PauseInfo? Pause { get; private set; }

    /// <summary>The error that stops the view; null without one.</summary>
    public string? Fault { get; private set; }

    /// <summary>The reason of the rebuild in progress; null without one.</summary>
    public string? RebuildReason => _rebuild == Phase.None ? null : _pendingRebuild;

    /// <summary>The reason of a rebuild in progress or pending; survives a restart. Null without one.</summary>
    public string? PendingRebuild => _pendingRebuild;

    /// <summary>
    /// True while rows of a deleted record exist: <see cref="PendingRebuild"/> can't be dropped then. Survives a restart;
    /// ends when fresh rows serve.
    /// </summary>
    public bool MustPurgeDeleted { get; set; }

    /// <summary>True while a fresh store is being built.</summary>
    public bool IsScanning => _rebuild == Phase.Scanning;

    /// <summary>True while steps go into the fresh store instead of the serving one.</summary>
    public bool IsCuttingOver => _rebuild == Phase.CuttingOver;

    /// <summary>True when the view may apply entries now.</summary>
    public bool MayStep => IsCuttingOver || MayFollow;

    /// <summary>True when steps may go into the serving rows, also beside a fresh store.</summary>
    public bool MayFollow => _usable && Fault is null && Pause is null && !_isSuspended;

    /// <summary>True when since advances only after a command of an operator.</summary>
    public bool IsNotAdvancing => State is ViewState.Paused or ViewState.Faulted;

    /// <summary>The published state.</summary>
    public ViewState State =>
        _rebuild != Phase.None ? ViewState.Rebuilding
        : Fault is not null ? ViewState.Faulted
        : Pause is not null ? ViewState.Paused
        : _permit == Permit.AwaitingHead ? ViewState.Live
        : ViewState.CatchingUp;

    /// <summary>Input: the store is open, or the view has none.</summary>
    /// <param name="usable">True when its rows can follow the log.</param>
    /// <param name="pendingRebuild">Why it must be rebuilt; null when it need not be.</param>
    /// <param name="pause">The pause that the journal holds, or null.</param>
    /// <param name="fault">The final error of the last incarnation, or null.</param>
    public ViewEffects Opened(bool usable, string? pendingRebuild, PauseInfo? pause, string? fault)
    {
        (_usable, _pendingRebuild, Pause, Fault, _rebuild, _isSuspended) = (usable, pendingRebuild, pause, fault, Phase.None, false);
        return Proceed();
    }

    /// <summary>True when <paramref name="token"/> is valid and the view may step.</summary>
    public bool Admits(long token) => token == Token && MayStep;

    /// <summary>Input: a step ended.</summary>
    /// <param name="isAtHead">True when the rows reflect the head.</param>
    /// <param name="mayPromote">True when the fresh rows are as fresh as the serving ones.</param>
    public ViewEffects Stepped(bool isAtHead, bool mayPromote)
    {
        ViewEffects promote = ViewEffects.None;
        if (IsCuttingOver && mayPromote)
        {
            (_usable, _pendingRebuild, MustPurgeDeleted, _rebuild, Fault, _isSuspended) = (true, null, false, Phase.None, null, false);
            promote = ViewEffects.Promote | ViewEffects.Settled;
        }

        return promote | (isAtHead ? Issue(Permit.AwaitingHead) : Issue(Permit.Queued));
    }

    /// <summary>Input: a rebuild ends sooner than the steps that remain.</summary>
    /// <param name="reason">Why, with the values.</param>
    public ViewEffects TooFarBehind(string reason)
    {
        if (!MayStep || _rebuild != Phase.None) return ViewEffects.None;
        (_pendingRebuild, _isSuspended) = (_pendingRebuild ?? reason, true);
        return StartRebuild() | Hold();
    }

    /// <summary>Input: the head moved beyond the offset that the permit waits at.</summary>
    public ViewEffects HeadAdvanced(long token) =>
        Admits(token) && _permit == Permit.AwaitingHead ? Issue(Permit.Queued) : ViewEffects.None;

    /// <summary>Input: the fresh store reflects the log up to the end of the scan.</summary>
    public ViewEffects Built()
    {
        if (_rebuild != Phase.Scanning) return ViewEffects.None;
        _rebuild = Phase.CuttingOver;
        return ViewEffects.OpenNext | Issue(Permit.Queued);
    }

    /// <summary>Input: the rebuild failed.</summary>
    public ViewEffects BuildFailed()
    {
        if (_rebuild != Phase.Scanning) return ViewEffects.None;
        _rebuild = Phase.None;
        if (!_usable) return ViewEffects.Crash;
        ViewEffects token = ResumeFollowing();
        if (MustPurgeDeleted) return token;
        _pendingRebuild = null;
        return token | ViewEffects.Settled;
    }

    /// <summary>Input: the RebuildActor restarted and lost the request.</summary>
    public ViewEffects BuildForgotten() => _rebuild == Phase.Scanning ? StartRebuild() : ViewEffects.None;

    /// <summary>Input: the log is damaged at the next record of the view; a retry cannot pass it.</summary>
    public ViewEffects Damaged(string text)
    {
        ViewEffects stop = StopRebuild();
        (Fault, _isSuspended) = (text, false);
        return stop | Hold();
    }

    /// <summary>An operator's command: rebuild.</summary>
    public ViewDecision Rebuild(string reason)
    {
        if (_rebuild != Phase.None) return Refuse($"is being rebuilt already ({_pendingRebuild}). Wait, or cancel that first");
        if (Pause is not null) return Refuse($"is paused ({Pause.Reason}). Resume it first");
        _pendingRebuild ??= reason;
        return StartOver();
    }

    /// <summary>
    /// Rebuild because a record was deleted. A rebuild in progress starts over; a paused view keeps it pending. Never
    /// refused.
    /// </summary>
    public ViewDecision PurgeDeleted(string reason)
    {
        (_pendingRebuild, MustPurgeDeleted) = (_pendingRebuild ?? reason, true);
        return Pause is null ? StartOver() : Accept("is paused; it is rebuilt when it is resumed", ViewEffects.PersistOperatorState);
    }

    /// <summary>An operator's command: cancel the rebuild.</summary>
    public ViewDecision Cancel()
    {
        if (_rebuild == Phase.None) return Refuse("is not being rebuilt: there is nothing to cancel");
        bool wasCuttingOver = IsCuttingOver;
        ViewEffects stop = StopRebuild();
        if (_usable && !MustPurgeDeleted) _pendingRebuild = null;
        if (!_usable) Pause = new PauseInfo("its rebuild was cancelled and it has no rows that can go on", null);
        ViewEffects forward = ResumeFollowing();
        ViewEffects next = !MayStep ? Hold() : wasCuttingOver ? Issue(Permit.Queued) : forward;
        string text = !_usable ? "is paused; resume it to rebuild it"
            : MustPurgeDeleted ? "keeps its old rows and goes on from them; deleted records leave them at the next rebuild"
            : "keeps its old rows and goes on from them";
        return Accept(text, stop | next | ViewEffects.PersistOperatorState);
    }

    /// <summary>An operator's command: pause.</summary>
    public ViewDecision PauseNow(PauseInfo info)
    {
        if (_rebuild != Phase.None) return Refuse("is being rebuilt. Cancel that first, or wait for its end");
        if (Fault is not null) return Refuse("is faulted, so it is stopped already");
        Pause = info;
        return Accept("is paused; it answers the rows it has", Hold() | ViewEffects.PersistOperatorState);
    }

    /// <summary>An operator's command, or the end of a pause's time: resume.</summary>
    public ViewDecision Resume()
    {
        if (_rebuild != Phase.None || (Pause is null && Fault is null))
            return Refuse("is neither paused nor faulted: there is nothing to resume");
        (Pause, Fault) = (null, null);
        return Accept("goes on", Proceed() | ViewEffects.PersistOperatorState | ViewEffects.ResetFailures);
    }

    private ViewDecision StartOver()
    {
        bool wasCuttingOver = IsCuttingOver;
        ViewEffects drop = wasCuttingOver ? StopRebuild() : ViewEffects.None;
        ViewEffects start = StartRebuild();
        ViewEffects token = !wasCuttingOver ? ViewEffects.None : MayStep ? Issue(Permit.Queued) : Hold();
        return Accept("is being rebuilt; its old rows go on answering", drop | start | token | ViewEffects.PersistOperatorState);
    }

    private ViewEffects Proceed()
    {
        if (Fault is not null || Pause is not null) return Hold();
        ViewEffects rebuild = _pendingRebuild is not null ? StartRebuild() : ViewEffects.None;
        return rebuild | (MayStep ? Issue(Permit.Queued) : Hold());
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
            Phase.CuttingOver => ViewEffects.DropNext,
            _ => ViewEffects.None,
        };
        _rebuild = Phase.None;
        return stop;
    }

    private ViewEffects ResumeFollowing()
    {
        if (!_isSuspended) return ViewEffects.None;
        _isSuspended = false;
        return MayStep ? Issue(Permit.Queued) : ViewEffects.None;
    }

    private ViewEffects Issue(Permit permit)
    {
        Token++;
        _permit = permit;
        return permit == Permit.Queued ? ViewEffects.Step : ViewEffects.AwaitHead;
    }

    private ViewEffects Hold()
    {
        Token++;
        _permit = Permit.None;
        return IsNotAdvancing ? ViewEffects.RefuseReaders : ViewEffects.None;
    }

    private static ViewDecision Accept(string text, ViewEffects effects) => new(true, text, effects);

    private ViewDecision Refuse(string why) => new(false, $"View '{view}' {why}.", ViewEffects.None);
}
