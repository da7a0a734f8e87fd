using System.Runtime.InteropServices;

namespace Flume.Log.Primitives;

/// <summary>Lowers the priority of background threads, so that they run when cores are idle.</summary>
internal static partial class LowPriorityThread
{
    private const int LowestPriority = 19;

    /// <summary>
    /// Gives the calling thread the lowest priority for the rest of its life. Use it only for dedicated threads.
    /// </summary>
    public static void Become()
    {
        // .NET does not set priorities on Linux. There, each thread has its own priority, and 0 means the calling
        // thread. A failure only costs other threads speed.
        if (OperatingSystem.IsLinux()) _ = setpriority(0, 0, LowestPriority);
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int priority);
}
