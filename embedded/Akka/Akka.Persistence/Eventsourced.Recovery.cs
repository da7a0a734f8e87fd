using Akka.Actor;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <summary>Recovery: permit, snapshot, events. Commands wait until it is over.</summary>
public abstract partial class Eventsourced
{
    private bool Recover(object message)
    {
        Receive receive = ReceiveRecover;
        return message switch
        {
            IPersistentRepresentation stored when IsRecovering => receive(stored.Payload),
            SnapshotOffer or RecoveryCompleted => receive(message),
            _ => false,
        };
    }

    private void FailRecovery(Exception cause, object message = null)
    {
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
        ReturnRecoveryPermit();
    }

    /// <summary>Too many others recover.</summary>
    private sealed class WaitingForPermit(Eventsourced actor) : State(actor)
    {
        public override bool IsRecovering => true;

        public override void Receive(Receive receive, object message)
        {
            if (message is not RecoveryPermitGranted)
            {
                Actor.StashInternally();
                return;
            }
            var recovery = Actor.Recovery;
            Actor._state = new WaitingForSnapshot(Actor, recovery.ReplayMax);
            Actor.LoadSnapshot(Actor.SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr);
        }
    }

    /// <summary>The snapshot store was asked.</summary>
    private sealed class WaitingForSnapshot : State
    {
        private readonly long _replayMax;
        private readonly TimeSpan _timeout;
        private readonly ICancelable _tick;

        public WaitingForSnapshot(Eventsourced actor, long replayMax) : base(actor)
        {
            _replayMax = replayMax;
            _timeout = actor.Extension.JournalConfigFor(actor.JournalPluginId).GetTimeSpan("recovery-event-timeout",
                null, false);
            _tick = Context.System.Scheduler.ScheduleTellOnceCancelable(_timeout, actor.Self, new RecoveryTick(true),
                actor.Self);
        }

        public override bool IsRecovering => true;

        public override void Receive(Receive receive, object message)
        {
            switch (message)
            {
                case LoadSnapshotResult result:
                    _tick.Cancel();
                    Offer(result);
                    break;
                case LoadSnapshotFailed failed:
                    _tick.Cancel();
                    Actor.FailRecovery(failed.Cause);
                    break;
                case RecoveryTick { Snapshot: true }:
                    Actor.FailRecovery(new RecoveryTimedOutException(
                        $"Recovery timed out, didn't get snapshot within {_timeout.TotalSeconds}s."));
                    break;
                default:
                    Actor.StashInternally();
                    break;
            }
        }

        private void Offer(LoadSnapshotResult result)
        {
            try
            {
                if (result.Snapshot != null)
                {
                    var before = Actor.LastSequenceNr;
                    var offer = new SnapshotOffer(result.Snapshot.Metadata, result.Snapshot.Snapshot);
                    Actor.LastSequenceNr = offer.Metadata.SequenceNr;
                    if (!Actor.HandleUnwrapped(Actor.Recover, offer))
                        Actor.LastSequenceNr = before;
                }
            }
            catch (Exception e)
            {
                Actor.FailRecovery(e);
                return;
            }
            Actor._state = new Replaying(Actor, _timeout);
            Actor.Journal.Tell(new ReplayMessages(Actor.LastSequenceNr + 1L, result.ToSequenceNr, _replayMax,
                Actor.PersistenceId, Actor.Self));
        }
    }

    /// <summary>The journal sends events.</summary>
    private sealed class Replaying : State
    {
        private readonly TimeSpan _timeout;
        private readonly ICancelable _tick;
        private bool _sawEvent;
        private bool _isOver;

        public Replaying(Eventsourced actor, TimeSpan timeout) : base(actor)
        {
            _timeout = timeout;
            _tick = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(timeout, timeout, actor.Self,
                new RecoveryTick(false), actor.Self);
        }

        public override bool IsRecovering => !_isOver;

        public override void Receive(Receive receive, object message)
        {
            switch (message)
            {
                case ReplayedMessage replayed:
                    Apply(replayed.Persistent);
                    break;
                case RecoverySuccess success:
                    Finish(success.HighestSequenceNr);
                    break;
                case ReplayMessagesFailure failure:
                    _tick.Cancel();
                    Actor.FailRecovery(failure.Cause);
                    break;
                case RecoveryTick { Snapshot: false } when _sawEvent:
                    _sawEvent = false;
                    break;
                case RecoveryTick { Snapshot: false }:
                    _tick.Cancel();
                    Actor.FailRecovery(new RecoveryTimedOutException($"Recovery timed out, didn't get event within "
                        + $"{_timeout.TotalSeconds}s, highest sequence number seen {Actor.LastSequenceNr}."));
                    break;
                case RecoveryTick:
                    break;
                default:
                    Actor.StashInternally();
                    break;
            }
        }

        private void Apply(IPersistentRepresentation stored)
        {
            try
            {
                _sawEvent = true;
                Actor.LastSequenceNr = Math.Max(Actor.LastSequenceNr, stored.SequenceNr);
                Actor.HandleUnwrapped(Actor.Recover, stored);
            }
            catch (Exception e)
            {
                _tick.Cancel();
                Actor.FailRecovery(e, stored.Payload);
            }
        }

        private void Finish(long highest)
        {
            _tick.Cancel();
            try
            {
                Actor.OnReplaySuccess();
                Actor._sequenceNr = Actor.LastSequenceNr = Math.Max(highest, Actor.LastSequenceNr);
                _isOver = true;
                Actor.HandleUnwrapped(Actor.Recover, RecoveryCompleted.Instance);
            }
            finally
            {
                StartProcessing();
                Actor.ReturnRecoveryPermit();
            }
        }

        private void StartProcessing()
        {
            Actor.FlushBatch();
            if (Actor._pendingStashing > 0)
            {
                Actor._state = new PersistingEvents(Actor);
                return;
            }
            Actor._state = new ProcessingCommands(Actor);
            Actor._internalStash.UnstashAll();
        }
    }
}
