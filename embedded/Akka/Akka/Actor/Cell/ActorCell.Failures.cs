using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Failures: of this actor, and of its children.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Whose failure keeps this actor suspended: its own, or a child's that it could not deal with.</summary>
    private IActorRef _perpetrator;

    private void HandleInvokeFailure(Exception cause, IReadOnlyList<IInternalActorRef> notToSuspend = null)
    {
        if (_perpetrator != null || _terminated)
            return;
        try
        {
            Mailbox.Suspend();
            _perpetrator = Self;
            if (CurrentMessage is Failed)
            {
                _perpetrator = Sender;
                notToSuspend = [.. notToSuspend ?? [], (IInternalActorRef)Sender];
            }
            Children.SuspendAll(notToSuspend);
            Parent.SendSystemMessage(new Failed(Self, cause, Self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, "Emergency stop: exception in failure handling for " + cause);
            foreach (var child in Children.Refs)
                child.Stop();
            FinishTerminate();
        }
    }

    private void HandleFailed(Failed failed)
    {
        CurrentMessage = failed;
        Sender = failed.Child;
        var child = Children.StatsOf(failed.Child);
        if (child == null || child.Child.Path.Uid != failed.Uid)
        {
            Publish(new Event.Debug(Self.Path.ToString(), ActorType,
                $"Dropping Failed({failed.Cause}) from unknown child {failed.Child}"));
            return;
        }
        var strategy = Actor?.Strategy ?? SupervisorStrategy.DefaultStrategy;
        if (!strategy.HandleFailure(this, child, failed.Cause))
            global::System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.Cause);
        CurrentMessage = null;
    }

    private void HandleChildTerminated(IInternalActorRef child)
    {
        var finished = Children.Remove(child);
        if (finished == TerminationReason.Terminate)
            FinishTerminate();
        else if (finished == TerminationReason.Create)
            FinishCreate();
        else if (finished?.RestartCause != null)
            FinishRecreate(finished.RestartCause);
    }
}
