using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Indexing;
using Flume.Views.Store;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RebuildProtocol;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Lets one view follow its log, step by step, and does what an operator says; decides nothing itself.</summary>
/// <remarks>
/// <see cref="ViewStateMachine"/> decides what comes next, <see cref="ViewProcessor"/> does it on disk, <see cref="ServingView"/>
/// holds what readers see. An error stops the actor; its backoff supervisor brings it back.
/// </remarks>
internal sealed partial class ViewActor : ReceiveActor, IWithTimers
{
    private readonly IdentityContext _place;
    private readonly ServingView _shelf;
    private readonly ViewCollaborators _peers;
    private readonly ViewProcessor _keeper;
    private readonly ViewStateMachine _machine;
    private readonly FreshnessWaiters<IActorRef> _readers;
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private ScanNews? _progress;
    private Exception? _buildFailure;
    private NextStore? _built;
    private long _rebuild;
    private Offset? _from;
    private bool _isRepacking;
    private StepDone _lastStep;

    public ViewActor(IdentityContext place, ServingView shelf, DecodedBatches runs, ViewCollaborators peers)
    {
        (_place, _shelf, _peers) = (place, shelf, peers);
        _keeper = new(place, shelf, runs);
        _machine = new(shelf.View.Name);
        _readers = new(place.Settings.Reads.WaitingMax);
        Receive<Step>(step => Guarded(() => OnStep(step)));
        Receive<HeadAdvanced>(news => Do(_machine.HeadAdvanced(news.Token)));
        Receive<AwaitSince>(OnAwaitSince);
        Receive<ClientCommit>(commit => Guarded(() => OnClientCommit(commit)));
        Receive<ViewCommand>(command => Guarded(() => OnCommand(command)));
        Receive<RebuildProgressed>(OnProgressed, progressed => progressed.Token == _rebuild);
        Receive<Rebuilt>(built => Guarded(() => OnRebuilt(built)));
        Receive<RebuildFailed>(failed => Guarded(() => OnRebuildFailed(failed)), failed => failed.Token == _rebuild);
        Receive<RebuildForgotten>(_ => Do(_machine.BuildForgotten()), forgotten => forgotten.Token == _rebuild);
        Receive<PauseEnds>(_ => OnPauseEnds());
        Receive<DeadlineComes>(_ => OnDeadline());
        Receive<DiskMayHaveRoom>(_ => OnDiskMayHaveRoom());
        Receive<Flush>(_ => Guarded(_keeper.Flush));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor's recipe, on the dispatcher of views.</summary>
    public static Props Props(IdentityContext place, ServingView shelf, DecodedBatches runs, ViewCollaborators peers) =>
        Akka.Actor.Props.Create(() => new ViewActor(place, shelf, runs, peers)).WithDispatcher(Dispatchers.Views);

    /// <inheritdoc/>
    protected override void PreStart() => Guarded(() =>
    {
        ViewStoreOpening opening = _keeper.Open();
        if (opening.IsNews) _events.Warning("View '{0}' of {1} is rebuilt: {2}", _shelf.View.Name, _place.Name, opening.Owed);
        string? fault = _shelf.Faults.IsFaulted ? _shelf.Faults.Last!.Error : null;
        // Before its state is published: who has seen that state must not be told that the view is down. And before its
        // memory is read: what it is to owe goes there as long as it is down.
        _shelf.IsUp = true;
        ViewOperatorState memory = _shelf.Memory;
        _machine.MustPurgeDeleted = memory.MustPurgeDeleted;
        Do(_machine.Opened(opening.IsUsable, opening.Owed ?? memory.Owed, memory.Pause, fault));
        ArmPause();
        if (fault is not null && _shelf.Faults.Last!.IsOfDisk)
            Timers.StartSingleTimer(DiskMayHaveRoom.Instance, DiskMayHaveRoom.Instance, _place.Settings.Views.RestartMax);
        Timers.StartPeriodicTimer(Flush.Instance, Flush.Instance, _place.Settings.Views.FlushEvery);
    });

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _shelf.IsUp = false;
        _shelf.Desk?.Show(null, mayStep: false);
        _peers.Rebuilder.Tell(new CancelRebuild(_shelf.View.Name));
        _keeper.DropNext();
        RefuseReaders(ReadRejection.Stopping, $"View '{_shelf.View.Name}' stopped while the read was waiting.");
        _keeper.Flush();
    }

    private void OnStep(Step step)
    {
        if (!_machine.Admits(step.Token)) return;
        if (!_machine.IsClosingIn && _keeper.TellOvertaken() is { } far)
        {
            _isRepacking = false;
            _from = RetainableFrom();
            Do(_machine.Overtaken(far));
            return;
        }

        StepDone done = _keeper.Step(_machine.MayFollow);
        _lastStep = done;
        Do(_machine.Stepped(done.IsAtHead, done.MayPromote));
        ReleaseReaders();
        if (done.IsAtHead && _keeper.TellOutgrown() is { } reason) Repack(reason);
    }

    private void Repack(string reason)
    {
        ViewDecision repack = _machine.Rebuild(reason);
        _isRepacking = repack.IsAccepted;
        if (_isRepacking) _from = RetainableFrom();
        Do(repack.Effects & ~ViewEffects.Remember);
    }

    private void OnAwaitSince(AwaitSince wait)
    {
        if (_shelf.Reached >= wait.AtLeast) Sender.Tell(new SinceReached(_shelf.Reached));
        else if (_machine.IsStanding) Sender.Tell(new ReadRejected(ReadRejection.Standing, StandingText(wait.AtLeast)));
        else if (_readers.Add(Sender, wait.AtLeast, wait.Deadline)) ArmDeadline();
        else Sender.Tell(new ReadRejected(ReadRejection.Busy, BusyText()));
    }

    private void OnCommand(ViewCommand command)
    {
        _isRepacking = false;
        ViewDecision decision = Decide(command);
        var outcome = new ViewOutcome(command.View, decision.IsAccepted, decision.Text);
        Do(decision.Effects & ~ViewEffects.Remember);
        if (decision.Effects.HasFlag(ViewEffects.Remember)) Remember(outcome);
        else Sender.Tell(outcome);
        ArmPause();
    }

    private void OnProgressed(RebuildProgressed progressed)
    {
        _progress = progressed.Progress;
        Publish();
    }

    private void OnRebuilt(Rebuilt built)
    {
        if (built.Token != _rebuild || !_machine.IsScanning)
        {
            _keeper.Abandon(built.Next);
            return;
        }

        _built = built.Next;
        Do(_machine.Built());
    }

    private void OnRebuildFailed(RebuildFailed failed)
    {
        _buildFailure = failed.Cause;
        Do(_machine.BuildFailed());
        _shelf.Faults.Noted(_shelf.Since, $"The rebuild failed; the old rows go on: {failed.Cause.Message}");
    }

    private void OnPauseEnds()
    {
        if (_machine.Pause?.Until > _place.Time.GetUtcNow()) ArmPause();
        else if (_machine.Pause is not null) Self.Tell(new Resume(_shelf.View.Name), ActorRefs.NoSender);
    }

    /// <summary>A disk that was full or gone is tried again without an operator; an error of the view is not.</summary>
    private void OnDiskMayHaveRoom()
    {
        if (_machine is { Fault: not null, Pause: null }) Self.Tell(new Resume(_shelf.View.Name), ActorRefs.NoSender);
    }

    private void OnDeadline()
    {
        foreach ((IActorRef reader, Offset target) in _readers.Expire(_place.Time.GetUtcNow()))
            reader.Tell(new ReadRejected(ReadRejection.DeadlinePassed, _shelf.LateText(target)));
        ArmDeadline();
    }

    /// <summary>Runs what may fail: damage makes the view stand still, any other error stops the actor and is counted.</summary>
    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (LogDamagedException damage)
        {
            _peers.Identity.Tell(new DamageFound(damage.Offset, damage.Message));
            _shelf.Faults.FailedForGood(_shelf.Since, damage.Message);
            Do(_machine.Damaged(damage.Message));
        }
        catch (Exception cause)
        {
            _keeper.Failed(cause);
            throw;
        }
    }

    /// <summary>To itself: the token. Whoever holds it may apply the next entries.</summary>
    private sealed record Step(long Token);

    /// <summary>To itself: look whether the pause has run out.</summary>
    private sealed class PauseEnds
    {
        public static readonly PauseEnds Instance = new();
    }

    /// <summary>To itself: look which readers have waited too long.</summary>
    private sealed class DeadlineComes
    {
        public static readonly DeadlineComes Instance = new();
    }

    /// <summary>To itself: try again what the disk refused.</summary>
    private sealed class DiskMayHaveRoom
    {
        public static readonly DiskMayHaveRoom Instance = new();
    }

    /// <summary>To itself: make the rows safe from power loss.</summary>
    private sealed class Flush
    {
        public static readonly Flush Instance = new();
    }
}
