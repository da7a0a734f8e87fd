namespace Flume.Log.Primitives;

/// <summary>Work on a thread of its own: it lasts, or waits for the disk, and would keep the pool's threads from others.</summary>
internal static class DedicatedThread
{
    /// <summary>Begins work; the task ends with it.</summary>
    public static Task Start(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Start(Action)"/>
    public static Task<T> Start<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for the end of a task, whatever that is: what it failed with is for whoever asks for its result.</summary>
    public static void AwaitEnd(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
}
