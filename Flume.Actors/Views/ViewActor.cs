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

/// <summary>Runs one view: applies log entries step by step and executes operator commands.</summary>
/// <remarks>
/// <see cref="ViewStateMachine"/> makes all decisions, <see cref="ViewProcessor"/> does the disk work, and
/// <see cref="ServingView"/> publishes to readers. An error stops the actor; its backoff supervisor restarts it.
/// </remarks>
internal sealed partial class ViewActor : ReceiveActor, IWithTimers
{
    private readonly IdentityContext _context;
    private readonly ServingView _serving;
    private readonly ViewCollaborators _collaborators;
    private readonly ViewProcessor _processor;
    private readonly ViewStateMachine _machine;
    private readonly FreshnessWaiters<IActorRef> _readers;
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private RebuildProgress? _progress;
    private Exception? _buildFailure;
    private NextStore? _built;
    private long _rebuild;
    private Offset? _rebuildFrom;
    private bool _isCompacting;
    private StepDone _lastStep;

    public ViewActor(
        IdentityContext context, ServingView serving, DecodedBatches batches, ViewCollaborators collaborators)
    {
        (_context, _serving, _collaborators) = (context, serving, collaborators);
        _processor = new(context, serving, batches);
        _machine = new(serving.View.Name);
        _readers = new(context.Settings.Reads.WaitingMax);
        Receive<Step>(step => Guarded(() => OnStep(step)));
        Receive<HeadAdvanced>(advanced => Do(_machine.HeadAdvanced(advanced.Token)));
        Receive<AwaitSince>(OnAwaitSince);
        Receive<ClientCommit>(commit => Guarded(() => OnClientCommit(commit)));
        Receive<ViewCommand>(command => Guarded(() => OnCommand(command)));
        Receive<RebuildProgressed>(OnProgressed, progressed => progressed.Token == _rebuild);
        Receive<Rebuilt>(built => Guarded(() => OnRebuilt(built)));
        Receive<RebuildFailed>(
            failed => Guarded(() => OnRebuildFailed(failed)), failed => failed.Token == _rebuild);
        Receive<RebuildForgotten>(
            _ => Do(_machine.BuildForgotten()), forgotten => forgotten.Token == _rebuild);
        Receive<PauseEnds>(_ => OnPauseEnds());
        Receive<DeadlineComes>(_ => OnDeadline());
        Receive<DiskMayHaveRoom>(_ => OnDiskMayHaveRoom());
        Receive<Flush>(_ => Guarded(_processor.Flush));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Props with the dispatcher of views.</summary>
    public static Props Props(
        IdentityContext context, ServingView serving, DecodedBatches batches, ViewCollaborators collaborators) =>
        Akka.Actor.Props.Create(() => new ViewActor(context, serving, batches, collaborators))
            .WithDispatcher(Dispatchers.Views);

    /// <inheritdoc/>
    protected override void PreStart() => Guarded(() =>
    {
        ViewStoreOpening opening = _processor.Open();
        if (opening.ShouldReport)
            _events.Warning(
                "View '{0}' of {1} is rebuilt: {2}", _serving.View.Name, _context.Name, opening.PendingRebuild);
        string? fault = _serving.Tracker.Failures.IsFaulted ? _serving.Tracker.Failures.Last!.Error : null;
        // IsUp is set before the state is published, so that a caller that saw it is not refused as restarting.
        // It is set before the operator state is read, because the ViewCoordinatorActor writes pending rebuilds there
        // while IsUp is false.
        _serving.Tracker.IsUp = true;
        ViewOperatorState operatorState = _serving.Tracker.OperatorState;
        _machine.MustPurgeDeleted = operatorState.MustPurgeDeleted;
        string? pendingRebuild = opening.PendingRebuild ?? operatorState.PendingRebuild;
        Do(_machine.Opened(opening.IsUsable, pendingRebuild, operatorState.Pause, fault));
        ArmPause();
        if (fault is not null && _serving.Tracker.Failures.Last!.IsOfDisk)
            Timers.StartSingleTimer(
                DiskMayHaveRoom.Instance, DiskMayHaveRoom.Instance, _context.Settings.Views.RestartMax);
        Timers.StartPeriodicTimer(Flush.Instance, Flush.Instance, _context.Settings.Views.FlushEvery);
    });

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _serving.Tracker.IsUp = false;
        _serving.ClientSession?.Update(null, mayStep: false);
        _collaborators.Rebuilder.Tell(new CancelRebuild(_serving.View.Name));
        _processor.DropNext();
        RefuseReaders(ReadRejection.Stopping, $"View '{_serving.View.Name}' stopped while the read was waiting.");
        _processor.Flush();
    }

    private void OnStep(Step step)
    {
        if (!_machine.Admits(step.Token)) return;
        if (!_machine.IsCuttingOver && _processor.WhyTooFarBehind() is { } tooFarBehind)
        {
            _isCompacting = false;
            _rebuildFrom = RetainableFrom();
            Do(_machine.TooFarBehind(tooFarBehind));
            return;
        }

        StepDone done = _processor.Step(_machine.MayFollow);
        _lastStep = done;
        Do(_machine.Stepped(done.IsAtHead, done.MayPromote));
        ReleaseReaders();
        if (done.IsAtHead && _processor.WhyCompact() is { } reason) Compact(reason);
    }

    private void Compact(string reason)
    {
        ViewDecision compaction = _machine.Rebuild(reason);
        _isCompacting = compaction.IsAccepted;
        if (_isCompacting) _rebuildFrom = RetainableFrom();
        Do(compaction.Effects & ~ViewEffects.PersistOperatorState);
    }

    private void OnAwaitSince(AwaitSince wait)
    {
        if (_serving.Reached >= wait.AtLeast) Sender.Tell(new SinceReached(_serving.Reached));
        else if (_machine.IsNotAdvancing)
            Sender.Tell(new ReadRejected(ReadRejection.Standing, NotAdvancingText(wait.AtLeast)));
        else if (_readers.Add(Sender, wait.AtLeast, wait.Deadline)) ArmDeadline();
        else Sender.Tell(new ReadRejected(ReadRejection.Busy, BusyText()));
    }

    private void OnCommand(ViewCommand command)
    {
        _isCompacting = false;
        ViewDecision decision = Decide(command);
        var outcome = new ViewOutcome(command.View, decision.IsAccepted, decision.Text);
        Do(decision.Effects & ~ViewEffects.PersistOperatorState);
        if (decision.Effects.HasFlag(ViewEffects.PersistOperatorState)) PersistOperatorState(outcome);
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
            _processor.Abandon(built.Next);
            return;
        }

        _built = built.Next;
        Do(_machine.Built());
    }

    private void OnRebuildFailed(RebuildFailed failed)
    {
        _buildFailure = failed.Cause;
        Do(_machine.BuildFailed());
        _serving.Tracker.Failures.Noted(
            _serving.Since, $"The rebuild failed; the old rows still serve: {failed.Cause.Message}");
    }

    private void OnPauseEnds()
    {
        if (_machine.Pause?.Until > _context.Time.GetUtcNow()) ArmPause();
        else if (_machine.Pause is not null) Self.Tell(new Resume(_serving.View.Name), ActorRefs.NoSender);
    }

    /// <summary>Retries after an error of the disk without an operator.</summary>
    private void OnDiskMayHaveRoom()
    {
        if (_machine is { Fault: not null, Pause: null }) Self.Tell(new Resume(Name), ActorRefs.NoSender);
    }

    private void OnDeadline()
    {
        foreach ((IActorRef reader, Offset target) in _readers.Expire(_context.Time.GetUtcNow()))
            reader.Tell(new ReadRejected(ReadRejection.DeadlinePassed, _serving.LateText(target)));
        ArmDeadline();
    }

    /// <summary>
    /// Runs work that may fail. Damage makes the view faulted; any other error is counted and stops the actor.
    /// </summary>
    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (LogDamagedException damage)
        {
            // The log refuses appends before the fault is published.
            _collaborators.Log.Tell(new TurnReadOnly(damage.Message));
            _collaborators.Identity.Tell(new DamageFound(damage.Offset, damage.Message));
            _serving.Tracker.Failures.FailedForGood(_serving.Since, damage.Message);
            Do(_machine.Damaged(damage.Message));
        }
        catch (Exception cause)
        {
            _processor.Failed(cause);
            throw;
        }
    }

    /// <summary>To itself: the step permit; a valid one lets the view apply the next entries.</summary>
    private sealed record Step(long Token);

    /// <summary>To itself: check whether the pause has ended.</summary>
    private sealed class PauseEnds
    {
        public static readonly PauseEnds Instance = new();
    }

    /// <summary>To itself: check which reads have reached their deadline.</summary>
    private sealed class DeadlineComes
    {
        public static readonly DeadlineComes Instance = new();
    }

    /// <summary>To itself: retry after the disk refused.</summary>
    private sealed class DiskMayHaveRoom
    {
        public static readonly DiskMayHaveRoom Instance = new();
    }

    /// <summary>To itself: sync the rows to the device.</summary>
    private sealed class Flush
    {
        public static readonly Flush Instance = new();
    }
}
