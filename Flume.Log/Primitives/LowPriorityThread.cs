
namespace Flume.Log.Primitives;

/// <summary>Sets a low priority for background threads. They run only if no other thread needs the core.</summary>
public static class LowPriorityThread
{
    /// <summary>
    /// Gives the calling thread the lowest priority for the rest of its life. Use it only for dedicated threads.
    /// </summary>
    public static void Become() => Posix.LowerThreadPriority();
}
