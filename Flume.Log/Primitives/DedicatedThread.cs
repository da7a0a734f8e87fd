namespace Flume.Log.Primitives;

/// <summary>Work on a thread of its own: it lasts, or waits for the disk, and would keep the pool's threads from others.</summary>
public static class DedicatedThread
{
    /// <summary>Starts the work. The task completes with it.</summary>
    public static Task Start(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Start(Action)"/>
    public static Task<T> Start<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for the end of a task and ignores its result. The caller reads failures from the task.</summary>
    public static void AwaitEnd(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
}
