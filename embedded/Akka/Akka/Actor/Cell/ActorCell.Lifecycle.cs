using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Making, restarting and ending the actor.</summary>
internal sealed partial class ActorCell
{
    private bool _terminated;

    private void CreateActor()
    {
        try
        {
            Actor = NewActor();
            Actor.AroundPreStart();
            CheckReceiveTimeout(reschedule: true);
            PublishLifecycle($"Started ({Actor})");
        }
        catch (Exception e)
        {
            ClearActor();
            Actor = null;
            throw new ActorInitializationException(Self, "Exception during creation", e);
        }
    }

    private ActorBase NewActor()
    {
        ClearBehaviours();
        var actor = Props.NewActor();
        if (actor is IActorStash stashing)
            stashing.Stash = ActorStash.For(this, stashing);
        if (actor is IWithTimers timed)
            timed.Timers = new TimerScheduler(this);
        actor.OnIncarnated();
        return actor;
    }

    private void FaultRecreate(Exception cause)
    {
        if (Actor == null)
        {
            PublishError(null, "Changing Recreate into Create after " + cause);
            FaultCreate();
        }
        else if (Children.IsNormal)
        {
            PublishLifecycle("Restarting");
            var optionalMessage = CurrentMessage;
            try
            {
                Actor.AroundPreRestart(cause, optionalMessage);
                (Actor as IActorStash)?.Stash?.UnstashAll();
            }
            catch (Exception e)
            {
                Publish(new Event.Error(new PreRestartException(Self, e, cause, optionalMessage), Self.Path.ToString(),
                    ActorType, e.Message));
            }
            finally
            {
                ClearActor();
            }
            if (!Children.TryWaitFor(TerminationReason.Restart(cause)))
                FinishRecreate(cause);
        }
        else
        {
            FaultResume(null);
        }
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = Children.Refs;
        try
        {
            Mailbox.ResumeOnce();
            _perpetrator = null;
            Actor = NewActor();
            Actor.AroundPostRestart(cause, null);
            PublishLifecycle($"Restarted ({Actor})");
            foreach (var child in survivors)
                child.SendSystemMessage(new Recreate(cause));
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(new PostRestartException(Self, e, cause), survivors);
        }
    }

    /// <summary>Starts over after an actor that could not be made.</summary>
    private void FaultCreate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        foreach (var child in Children.Refs)
            Stop(child);
        if (!Children.TryWaitFor(TerminationReason.Create))
            FinishCreate();
    }

    private void FinishCreate()
    {
        Mailbox.ResumeOnce();
        _perpetrator = null;
        try
        {
            CreateActor();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void FaultResume(Exception causedByFailure)
    {
        if (Actor == null)
        {
            PublishError(null, "Changing Resume into Create after " + causedByFailure);
            FaultCreate();
            return;
        }
        var perpetrator = _perpetrator;
        Mailbox.ResumeOnce();
        if (causedByFailure != null)
            _perpetrator = null;
        Children.ResumeAll(causedByFailure, perpetrator);
    }

    private void HandleTerminate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        UnwatchWatchedActors();
        var wasTerminating = Children.IsTerminating;
        if (Children.StopAllForTermination())
        {
            if (wasTerminating)
                return;
            Mailbox.Suspend();
            _perpetrator = Self;
            PublishLifecycle("Stopping");
            return;
        }
        FinishTerminate();
    }

    private void FinishTerminate()
    {
        if (_terminated)
            return;
        _terminated = true;
        Children.StopForever();
        try
        {
            if (Actor != null)
            {
                Actor.AroundPostStop();
                (Actor as IActorStash)?.Stash?.UnstashAll();
            }
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }
        Mailbox.Close();
        Dispatcher.Detach(this);
        Parent.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        TellWatchersWeDied();
        UnwatchWatchedActors();
        if (_onEventStream)
            SystemImpl.EventStream.Unsubscribe(Self);
        PublishLifecycle("Stopped");
        ClearActor();
        Actor = null;
    }

    private void ClearActor()
    {
        if (Actor != null)
        {
            try
            {
                (Actor as IDisposable)?.Dispose();
            }
            catch (Exception e)
            {
                PublishError(e, $"Disposing the {ActorType} failed: {e.Message}");
            }
            Actor.IsCleared = true;
        }
        CurrentMessage = null;
        ClearBehaviours();
    }

    private void ClearBehaviours()
    {
        _behaviours.Clear();
        _behaviour = null;
    }
}
