namespace Akka.Dispatch.SysMsg;

/// <summary>A piece of an actor's asynchronous work to run, or the failure in which the work ended.</summary>
internal sealed class ActorTaskMessage : SystemMessage
{
    private readonly ActorTaskScheduler _scheduler;
    private readonly Task _task;

    public ActorTaskMessage(ActorTaskScheduler scheduler, Task task, object message)
    {
        _scheduler = scheduler;
        _task = task;
        Message = message;
    }

    public ActorTaskMessage(Exception exception, object message)
    {
        Exception = exception;
        Message = message;
    }

    /// <summary>The message that the work belongs to.</summary>
    public object Message { get; }

    public Exception Exception { get; }

    public void Run() => _scheduler.Run(_task);
}
