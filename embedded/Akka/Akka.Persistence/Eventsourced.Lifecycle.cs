using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>Where recovery starts, and what happens to what waits when the actor is replaced or ends.</summary>
public abstract partial class Eventsourced
{
    public override void AroundPreStart()
    {
        if (PersistenceId == null)
            throw new ArgumentNullException(nameof(PersistenceId),
                $"The persistent actor {Self.Path} has no persistence id.");
        // Starts the plugins now, so that their absence fails this actor at its start.
        _ = Journal;
        _ = SnapshotStore;
        RequestRecoveryPermit();
        base.AroundPreStart();
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        PutBackAll();
        FlushJournalBatch();
        base.AroundPreRestart(cause, message switch
        {
            WriteMessageSuccess success => success.Persistent,
            LoopMessageSuccess loop => loop.Message,
            ReplayedMessage replayed => replayed.Persistent,
            _ => message,
        });
    }

    public override void AroundPostRestart(Exception reason, object message)
    {
        RequestRecoveryPermit();
        base.AroundPostRestart(reason, message);
    }

    public override void AroundPostStop()
    {
        PutBackAll();
        base.AroundPostStop();
    }

    /// <summary>
    /// Runs asynchronous work of a command: nothing else is handled before its end, what it persists is stored then.
    /// </summary>
    protected void RunTask(Func<Task> action)
    {
        if (_asyncTaskRunning)
            throw new NotSupportedException("RunTask calls cannot be nested");
        ActorTaskScheduler.RunTask(() => RunCommand(action));
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata,
                    failure.Cause);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}]", failure.Metadata,
                    failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}]", failure.Criteria,
                    failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for PersistenceId [{1}] due to: [{2}]",
                    failure.ToSequenceNr, PersistenceId, failure.Cause);
                break;
        }
        base.Unhandled(message);
    }

    private void RequestRecoveryPermit()
    {
        Extension.RecoveryPermitter.Tell(Internal.RequestRecoveryPermit.Instance, Self);
        _state = new WaitingForPermit(this);
    }

    private void ReturnRecoveryPermit() =>
        Extension.RecoveryPermitter.Tell(Internal.ReturnRecoveryPermit.Instance, Self);

    private void PutBackAll()
    {
        _internalStash.UnstashAll();
        Stash.UnstashAll(UnstashFilterPredicate);
    }

    private async Task RunCommand(Func<Task> action)
    {
        var task = action();
        if (task.IsCompleted)
        {
            await task;
            return;
        }
        _asyncTaskRunning = true;
        var failed = true;
        try
        {
            await task;
            failed = false;
        }
        finally
        {
            _asyncTaskRunning = false;
            AfterCommand(failed);
        }
    }
}
