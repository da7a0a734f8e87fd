using Akka.Actor;
using Akka.Dispatch;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <summary>
/// The states of a persistent actor: recovering, processing commands, waiting for events to be stored.
/// </summary>
public abstract partial class Eventsourced
{
    private State _state;

    protected internal override bool AroundReceive(Receive receive, object message)
    {
        _state.Receive(receive, message);
        return true;
    }

    private bool HandleUnwrapped(Receive receive, object message) => base.AroundReceive(receive, message);

    private void StashInternally() => _internalStash.Stash();

    private void UnstashInternally(bool all)
    {
        if (all)
            _internalStash.UnstashAll();
        else
            _internalStash.Unstash();
    }

    private void AfterCommand(bool failed)
    {
        FlushBatch();
        if (_asyncTaskRunning)
            return;
        if (_pendingStashing > 0)
            _state = new PersistingEvents(this);
        else
            UnstashInternally(all: failed);
    }

    private void FlushBatch()
    {
        _journalBatch.AddRange(_eventBatch);
        _eventBatch.Clear();
        FlushJournalBatch();
    }

    private void FlushJournalBatch()
    {
        if (_isWriteInProgress || _journalBatch.Count == 0)
            return;
        _isWriteInProgress = true;
        Journal.Tell(new WriteMessages(_journalBatch, Self, _instanceId));
        _journalBatch = [];
    }

    /// <summary>What a message does in a state.</summary>
    private abstract class State(Eventsourced actor)
    {
        protected Eventsourced Actor { get; } = actor;

        public virtual bool IsRecovering => false;

        public abstract void Receive(Receive receive, object message);
    }

    /// <summary>A state in which the journal may answer.</summary>
    private abstract class Running(Eventsourced actor) : State(actor)
    {
        public override void Receive(Receive receive, object message)
        {
            switch (message)
            {
                case WriteMessageSuccess success:
                    if (IsMine(success.InstanceId))
                    {
                        Advance(success.Persistent);
                        CallHandler(success.Persistent.Payload);
                    }
                    break;
                case WriteMessageRejected rejected:
                    if (IsMine(rejected.InstanceId))
                    {
                        Advance(rejected.Persistent);
                        Forget(failed: false);
                        Actor.OnPersistRejected(rejected.Cause, rejected.Persistent.Payload,
                            rejected.Persistent.SequenceNr);
                    }
                    break;
                case WriteMessageFailure failure:
                    if (IsMine(failure.InstanceId))
                        Fail(failure);
                    break;
                case LoopMessageSuccess loop:
                    if (IsMine(loop.InstanceId))
                        CallHandler(loop.Message);
                    break;
                case WriteMessagesSuccessful or WriteMessagesFailed:
                    Actor._isWriteInProgress = false;
                    Actor.FlushJournalBatch();
                    break;
                case RecoveryTick:
                    break;
                default:
                    ReceiveOther(receive, message);
                    break;
            }
        }

        protected abstract void ReceiveOther(Receive receive, object message);

        /// <summary>Called when a handler was called, or will not be.</summary>
        protected abstract void OnHandled(PendingHandler handler, bool failed);

        private bool IsMine(int instanceId) => instanceId == Actor._instanceId;

        private void Advance(IPersistentRepresentation stored) =>
            Actor.LastSequenceNr = Math.Max(Actor.LastSequenceNr, stored.SequenceNr);

        private void Forget(bool failed) => OnHandled(Actor._pending.Dequeue(), failed);

        private void CallHandler(object payload)
        {
            var pending = Actor._pending.Peek();
            if (pending.AsyncHandler != null)
            {
                ActorTaskScheduler.RunTask(() => CallAsyncHandler(pending, payload));
                return;
            }
            var failed = true;
            try
            {
                pending.Handler(payload);
                failed = false;
            }
            finally
            {
                Actor.FlushBatch();
                Forget(failed);
            }
        }

        private async Task CallAsyncHandler(PendingHandler pending, object payload)
        {
            Actor._asyncTaskRunning = true;
            var failed = true;
            try
            {
                await pending.AsyncHandler(payload);
                failed = false;
            }
            finally
            {
                Actor._asyncTaskRunning = false;
                Actor.FlushBatch();
                Forget(failed);
            }
        }

        private void Fail(WriteMessageFailure failure)
        {
            Forget(failed: false);
            try
            {
                Actor.OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
            }
            finally
            {
                Context.Stop(Actor.Self);
            }
        }
    }

    /// <summary>Commands are handled as they come.</summary>
    private sealed class ProcessingCommands(Eventsourced actor) : Running(actor)
    {
        protected override void ReceiveOther(Receive receive, object message)
        {
            var failed = true;
            try
            {
                Actor.HandleUnwrapped(receive, message);
                failed = false;
            }
            finally
            {
                Actor.AfterCommand(failed);
            }
        }

        protected override void OnHandled(PendingHandler handler, bool failed)
        {
            if (Actor._pendingStashing > 0)
                Actor._state = new PersistingEvents(Actor);
            else
                Actor.UnstashInternally(failed);
        }
    }

    /// <summary>Events are being stored whose handlers come before the next command.</summary>
    private sealed class PersistingEvents(Eventsourced actor) : Running(actor)
    {
        protected override void ReceiveOther(Receive receive, object message) => Actor.StashInternally();

        protected override void OnHandled(PendingHandler handler, bool failed)
        {
            if (handler.Stashing)
                Actor._pendingStashing--;
            if (Actor._pendingStashing > 0)
                return;
            Actor._state = new ProcessingCommands(Actor);
            Actor.UnstashInternally(failed);
        }
    }
}
