using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>System messages: which are handled now, which wait.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Handles a system message, and those that waited for what it changed.</summary>
    public void SystemInvoke(SystemMessage message)
    {
        var before = WaitLevel();
        if (MustWait(message, before))
        {
            message.Next = _waiting;
            _waiting = message;
            return;
        }
        Handle(message);
        if (_terminated)
            ReleaseWaiting();
        else if (_waiting != null && WaitLevel() < before)
            InvokeWaiting();
    }

    private static bool MustWait(SystemMessage message, int level) =>
        (level == 2 && message.WaitsForChildren) || (level == 1 && message.WaitsForResume);

    private int WaitLevel() => Children.IsWaitingForRestart ? 2 : Mailbox.IsSuspended ? 1 : 0;

    private void Handle(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case ActorTaskMessage task:
                    HandleTask(task);
                    break;
                case Failed failed:
                    HandleFailed(failed);
                    break;
                case DeathWatchNotification death:
                    WatchedActorTerminated(death);
                    break;
                case Create:
                    CreateActor();
                    break;
                case Watch watch:
                    AddWatcher(watch.Watcher);
                    break;
                case Unwatch unwatch:
                    _watchedBy?.Remove(unwatch.Watcher);
                    break;
                case Recreate recreate:
                    FaultRecreate(recreate.Cause);
                    break;
                case Suspend:
                    Mailbox.Suspend();
                    Children.SuspendAll(except: null);
                    break;
                case Resume resume:
                    FaultResume(resume.CausedByFailure);
                    break;
                case Terminate:
                    HandleTerminate();
                    break;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void HandleTask(ActorTaskMessage task)
    {
        CurrentMessage = task.Message;
        if (task.Exception != null)
        {
            Mailbox.ResumeOnce();
            HandleInvokeFailure(task.Exception);
            return;
        }
        task.Run();
        CurrentMessage = null;
    }

    private void InvokeWaiting()
    {
        var newest = _waiting;
        _waiting = null;
        var oldestFirst = new Stack<SystemMessage>();
        for (; newest != null; newest = newest.Next)
            oldestFirst.Push(newest);
        foreach (var message in oldestFirst)
        {
            message.Next = null;
            SystemInvoke(message);
        }
    }

    private void ReleaseWaiting()
    {
        for (; _waiting != null; _waiting = _waiting.Next)
            SystemMessage.AnswerForTheDead(_waiting);
    }
}
