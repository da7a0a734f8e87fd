using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs the pieces of an actor's asynchronous work as system messages: on its dispatcher, with its context.
/// </summary>
/// <remarks>1. While a task started by RunTask is open, the mailbox is suspended once.</remarks>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell)
    {
        _cell = cell;
    }

    /// <summary>The message that the open task belongs to.</summary>
    public object CurrentMessage { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Runs asynchronous work of the actor that is running; it handles no other message before the end.
    /// </summary>
    /// <exception cref="InvalidOperationException">No actor is running on this thread.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException(
            "Could not run the task: no actor is running on this thread. Call RunTask while a message is handled.");
        cell.Mailbox.Suspend();
        var scheduler = cell.TaskScheduler;
        scheduler.CurrentMessage = cell.CurrentMessage;
        Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap()
            .ContinueWith(static (done, state) =>
                ((ActorTaskScheduler)state).Finish(done), scheduler, CancellationToken.None,
                TaskContinuationOptions.None, scheduler);
    }

    internal void Run(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task)
    {
        if (ActorCell.Current == _cell && (task.CreationOptions & TaskCreationOptions.LongRunning) == 0)
            TryExecuteTask(task);
        else
            _cell.SendSystemMessage(new ActorTaskMessage(this, task, CurrentMessage));
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => null;

    private void Finish(Task done)
    {
        var failure = done.IsCanceled ? new TaskCanceledException() : Unwrapped(done.Exception);
        if (failure != null)
        {
            _cell.SendSystemMessage(new ActorTaskMessage(failure, CurrentMessage));
        }
        else
        {
            _cell.Mailbox.ResumeOnce();
            _cell.CheckReceiveTimeout(CurrentMessage is not INotInfluenceReceiveTimeout);
        }
        CurrentMessage = null;
    }

    private static Exception Unwrapped(AggregateException exception) =>
        exception is { InnerExceptions.Count: 1 } ? exception.InnerExceptions[0] : exception;
}
