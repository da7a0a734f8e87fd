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
    private Offset? _from;
    private bool _isCompacting;
    private StepDone _lastStep;

    public ViewActor(IdentityContext context, ServingView serving, DecodedBatches batches, ViewCollaborators collaborators)
    {
        (_context, _serving, _collaborators) = (context, serving, collaborators);
        _processor = new(context, serving, batches);
        _machine = new(serving.View.Name);
        _readers = new(context.Settings.Reads.WaitingMax);
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
        Receive<Flush>(_ => Guarded(_processor.Flush));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor's recipe, on the dispatcher of views.</summary>
    public static Props Props(IdentityContext context, ServingView serving, DecodedBatches batches, ViewCollaborators collaborators) =>
        Akka.Actor.Props.Create(() => new ViewActor(context, serving, batches, collaborators)).WithDispatcher(Dispatchers.Views);

    /// <inheritdoc/>
    protected override void PreStart() => Guarded(() =>
    {
        ViewStoreOpening opening = _processor.Open();
        if (opening.ShouldReport) _events.Warning("View '{0}' of {1} is rebuilt: {2}", _serving.View.Name, _context.Name, opening.PendingRebuild);
        string? fault = _serving.Tracker.Failures.IsFaulted ? _serving.Tracker.Failures.Last!.Error : null;
        // Before its state is published: who has seen that state must not be told that the view is down. And before its
        // memory is read: what it is to owe goes there as long as it is down.
        _serving.Tracker.IsUp = true;
        ViewOperatorState operatorState = _serving.Tracker.OperatorState;
        _machine.MustPurgeDeleted = operatorState.MustPurgeDeleted;
        Do(_machine.Opened(opening.IsUsable, opening.PendingRebuild ?? operatorState.PendingRebuild, operatorState.Pause, fault));
        ArmPause();
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
        if (!_machine.IsCuttingOver && _processor.WhyTooFarBehind() is { } far)
        {
            _isCompacting = false;
            _from = RetainableFrom();
            Do(_machine.TooFarBehind(far));
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
        if (_isCompacting) _from = RetainableFrom();
        Do(compaction.Effects & ~ViewEffects.PersistOperatorState);
    }

    private void OnAwaitSince(AwaitSince wait)
    {
        if (_serving.Reached >= wait.AtLeast) Sender.Tell(new SinceReached(_serving.Reached));
        else if (_machine.IsNotAdvancing) Sender.Tell(new ReadRejected(ReadRejection.Standing, NotAdvancingText(wait.AtLeast)));
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
        _serving.Tracker.Failures.Noted(_serving.Since, $"The rebuild failed; the old rows go on: {failed.Cause.Message}");
    }

    private void OnPauseEnds()
    {
        if (_machine.Pause?.Until > _context.Time.GetUtcNow()) ArmPause();
        else if (_machine.Pause is not null) Self.Tell(new Resume(_serving.View.Name), ActorRefs.NoSender);
    }

    private void OnDeadline()
    {
        foreach ((IActorRef reader, Offset target) in _readers.Expire(_context.Time.GetUtcNow()))
            reader.Tell(new ReadRejected(ReadRejection.DeadlinePassed, _serving.LateText(target)));
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

    /// <summary>To itself: make the rows safe from power loss.</summary>
    private sealed class Flush
    {
        public static readonly Flush Instance = new();
    }
}
