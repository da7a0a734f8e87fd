using System.Runtime.InteropServices;

namespace Flume.Log.Primitives;

/// <summary>Lets a thread that nobody waits for run only when no other wants the core.</summary>
internal static partial class LowPriorityThread
{
    private const int LowestPriority = 19;

    /// <summary>
    /// Gives the calling thread the lowest priority for the rest of its life: for threads that end with their work alone.
    /// </summary>
    public static void Become()
    {
        // .NET leaves priorities alone on Linux. There each thread has one of its own, and 0 means the calling one. A
        // refusal costs speed for others only.
        if (OperatingSystem.IsLinux()) _ = setpriority(0, 0, LowestPriority);
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int priority);
}
