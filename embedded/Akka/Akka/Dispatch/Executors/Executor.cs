namespace Akka.Dispatch;

/// <summary>Threads that run turns in the order in which they come.</summary>
internal abstract class Executor
{
    public abstract void Execute(IThreadPoolWorkItem turn);

    /// <summary>
    /// Ends the threads, if they are its own, once they have run what waits. May be called from one of them.
    /// </summary>
    public virtual void Shutdown()
    {
    }
}

/// <summary>The .NET thread pool.</summary>
internal sealed class ThreadPoolExecutor : Executor
{
    public static readonly ThreadPoolExecutor Instance = new();

    public override void Execute(IThreadPoolWorkItem turn) =>
        ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false);
}
