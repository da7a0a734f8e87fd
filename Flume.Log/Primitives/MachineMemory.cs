namespace Flume.Log.Primitives;

/// <summary>The memory that this process may use: that of its cgroup, or of the machine.</summary>
internal static class MachineMemory
{
    private const string HeapPercent = "System.GC.HeapHardLimitPercent";

    /// <summary>Bytes, as the runtime found at its start.</summary>
    public static long Bytes { get; } = Find();

    /// <summary>A part of it, at most <paramref name="most"/> and at least <paramref name="least"/>.</summary>
    public static long Share(double share, long least, long most) => Share(Bytes, share, least, most);

    // The garbage collector tells what its heap may take: a part, where the program limits it.
    private static long Find()
    {
        long heap = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        bool isPart = int.TryParse(AppContext.GetData(HeapPercent)?.ToString(), out int percent)
            && percent is > 0 and <= 100;
        return heap <= 0 ? 1L << 30 : isPart ? heap / percent * 100 : heap;
    }

    /// <summary>The same of other memory than this machine's.</summary>
    internal static long Share(long bytes, double share, long least, long most) =>
        Math.Clamp((long)(bytes * share), least, most);
}
