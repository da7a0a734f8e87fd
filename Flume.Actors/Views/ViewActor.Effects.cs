using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RebuildProtocol;
using static Flume.Actors.Protocol.ViewProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <content>Executes the effects of each decision.</content>
internal sealed partial class ViewActor
{
    private static readonly TimeSpan TimerMax = TimeSpan.FromHours(12);

    private string Name => _serving.View.Name;

    private ViewDecision Decide(ViewCommand command) => command switch
    {
        Rebuild rebuild => Rebuild(rebuild),
        PurgeDeleted purge => PurgeDeleted(purge),
        Cancel => _machine.Cancel(),
        Pause pause => _machine.PauseNow(pause.Info),
        Resume => _machine.Resume(),
        SetBudget budget => TakeBudget(budget.Budget),
        _ => throw new ArgumentException($"Unknown command {command}."),
    };

    private void Do(ViewEffects effects)
    {
        if (effects.HasFlag(ViewEffects.ResetFailures)) _serving.Tracker.Failures.ResetFailures();
        if (effects.HasFlag(ViewEffects.CancelRebuild)) _collaborators.Rebuilder.Tell(new CancelRebuild(Name));
        if (effects.HasFlag(ViewEffects.DropNext)) _processor.DropNext();
        if (effects.HasFlag(ViewEffects.OpenNext)) _processor.OpenNext(_built!);
        if (effects.HasFlag(ViewEffects.Promote)) Promote();
        if (effects.HasFlag(ViewEffects.RequestRebuild)) RequestRebuild();
        if (effects.HasFlag(ViewEffects.Settled)) ClearPendingRebuild();
        if (_machine.RebuildReason is null) _rebuildFrom = null;
        Publish();
        if (effects.HasFlag(ViewEffects.RefuseReaders))
            RefuseReaders(ReadRejection.Standing, NotAdvancingText(Offset.None));
        if (effects.HasFlag(ViewEffects.Step)) SendStep();
        if (effects.HasFlag(ViewEffects.AwaitHead))
            _collaborators.Log.Tell(new AwaitHead(_processor.Since, _machine.Token));
        if (effects.HasFlag(ViewEffects.Crash)) throw new RebuildFailedException(Name, _buildFailure!);
    }

    private void Promote()
    {
        _processor.Promote();
        _serving.Tracker.Promoted();
        _serving.Tracker.Failures.Reached(_serving.Since);
        _events.Info("View '{0}' of {1} serves its rebuilt rows, since {2}.", Name, _context.Name, _serving.Since);
    }

    private ViewDecision Rebuild(Rebuild command)
    {
        if (command.From is { } from && WhyNotFrom(from) is { } why)
            return new(false, $"View '{Name}' can't be rebuilt from offset {from}: {why}", ViewEffects.None);
        ViewDecision decision = _machine.Rebuild(command.Reason);
        if (decision.IsAccepted) _rebuildFrom = command.From;
        return decision;
    }

    private string? WhyNotFrom(Offset from) => _machine.MustPurgeDeleted
        ? "its rows of deleted records must be purged. Rebuild all of its rows."
        : _processor.WhyNotFrom(from);

    /// <summary>
    /// Compaction and catch-up scans retain existing rows from this offset back, unless deleted records must be purged.
    /// </summary>
    private Offset? RetainableFrom() => _machine.MustPurgeDeleted ? null : _processor.RetainableFrom();

    private ViewDecision PurgeDeleted(PurgeDeleted command)
    {
        _rebuildFrom = null;
        return _machine.PurgeDeleted(command.Reason);
    }

    private void RequestRebuild()
    {
        _progress = null;
        IndexBudget budget = _serving.Tracker.OperatorState.Budget;
        if (_isCompacting) budget = budget.And(_context.Settings.Rebuild.CompactionBudget);
        _collaborators.Rebuilder.Tell(
            new RequestRebuild(Name, ++_rebuild, budget, _machine.PendingRebuild!) { From = _rebuildFrom });
    }

    private ViewDecision TakeBudget(IndexBudget budget)
    {
        if (!budget.IsValid)
        {
            return new(
                false,
                $"View '{Name}' can't index with a share of {budget.Share} and a rate of {budget.RecordsPerSecond}: " +
                "expected a share above 0, at most 1, and a rate above 0.",
                ViewEffects.None);
        }

        _serving.Tracker.OperatorState = _serving.Tracker.OperatorState with { Budget = budget };
        _collaborators.Rebuilder.Tell(new SetScanBudget(Name, budget));
        return new(true, $"indexes for at most {budget}", ViewEffects.PersistOperatorState);
    }

    private void PersistOperatorState(ViewOutcome outcome)
    {
        _serving.Tracker.OperatorState = _serving.Tracker.OperatorState with
        {
            Version = _serving.View.Version,
            Pause = _machine.Pause,
            PendingRebuild = _machine.PendingRebuild,
            MustPurgeDeleted = _machine.MustPurgeDeleted,
        };
        _collaborators.Journal.Tell(new PersistOperatorState(Name, _serving.Tracker.OperatorState, outcome), Sender);
    }

    private void ClearPendingRebuild()
    {
        if (_serving.Tracker.OperatorState.PendingRebuild is null) return;
        _serving.Tracker.OperatorState =
            _serving.Tracker.OperatorState with { PendingRebuild = null, MustPurgeDeleted = false };
        _collaborators.Journal.Tell(new PersistOperatorState(Name, _serving.Tracker.OperatorState, null));
    }

    /// <summary>Queues the step permit, after the rest that the budget requires for the last step.</summary>
    private void SendStep()
    {
        var step = new Step(_machine.Token);
        TimeSpan rest = _processor.RestAfter(_lastStep);
        if (rest <= TimeSpan.Zero) Self.Tell(step);
        else Self.TellAfter(rest < TimerMax ? rest : TimerMax, step, _context.Time);
    }

    private void Publish()
    {
        RebuildInfo? rebuilding = _machine.RebuildReason is not { } reason ? null
            : new(
                _progress?.Part ?? _processor.PartFilled,
                _progress?.RecordsPerSecond ?? _serving.Tracker.Rate.PerSecond(),
                _progress?.Eta, reason);
        _serving.ClientSession?.Update(_processor.Filled, _machine.MayStep);
        _serving.Tracker.Publish(new(_machine.State, rebuilding, _machine.Pause));
    }

    private void ReleaseReaders()
    {
        Offset reached = _serving.Reached;
        _serving.Changed.Set();
        foreach (IActorRef reader in _readers.Release(reached)) reader.Tell(new SinceReached(reached));
    }

    private void RefuseReaders(ReadRejection rejection, string text)
    {
        foreach (IActorRef reader in _readers.TakeAll()) reader.Tell(new ReadRejected(rejection, text));
    }

    private void ArmDeadline()
    {
        if (_readers.NextDeadline is not { } next) return;
        Timers.StartSingleTimer(DeadlineComes.Instance, DeadlineComes.Instance, Until(next));
    }

    private void ArmPause()
    {
        if (_machine.Pause?.Until is { } until)
            Timers.StartSingleTimer(PauseEnds.Instance, PauseEnds.Instance, Until(until));
    }

    private TimeSpan Until(DateTimeOffset moment)
    {
        TimeSpan remaining = moment - _context.Time.GetUtcNow();
        TimeSpan min = TimeSpan.FromMilliseconds(1);
        return remaining < min ? min : remaining > TimerMax ? TimerMax : remaining;
    }

    private string NotAdvancingText(Offset target)
    {
        string why = _machine.Fault is { } fault ? $"faulted ({fault})" : $"paused ({_machine.Pause?.Reason})";
        string required = target.IsSome ? $"offset {target}" : "the requested offset";
        return $"View '{Name}' is {why} at {_serving.Since} and will not reach {required}. "
            + "Resume it, or read without waiting.";
    }

    private string BusyText() =>
        $"{_readers.Count} reads wait for view '{Name}' at {_serving.Since}; flume.reads.waiting-max allows no more. "
        + "Try again later.";
}
