namespace Flume.Log.Primitives;

/// <summary>Runs long or blocking work on its own thread, so that it does not occupy a thread of the pool.</summary>
public static class DedicatedThread
{
    /// <summary>Starts the work. The task completes when the work ends.</summary>
    public static Task Start(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Start(Action)"/>
    public static Task<T> Start<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for the end of a task and ignores its result. The caller reads failures from the task.</summary>
    public static void AwaitEnd(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
}
