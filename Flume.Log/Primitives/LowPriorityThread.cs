
namespace Flume.Log.Primitives;

/// <summary>Lets a thread that nobody waits for run only when no other wants the core.</summary>
public static class LowPriorityThread
{
    /// <summary>
    /// Gives the calling thread the lowest priority for the rest of its life. Use it only for dedicated threads.
    /// </summary>
    public static void Become() => Posix.LowerThreadPriority();
}
