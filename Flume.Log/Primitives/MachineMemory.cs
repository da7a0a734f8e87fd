namespace Flume.Log.Primitives;

/// <summary>The memory that this process may use: that of its cgroup, or of the machine.</summary>
internal static class MachineMemory
{
    /// <summary>Bytes, as the runtime found at its start.</summary>
    public static long Bytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var bytes and > 0 ? bytes : 1L << 30;

    /// <summary>A part of it, at most <paramref name="most"/> and at least <paramref name="least"/>.</summary>
    public static long Share(double share, long least, long most) => Share(Bytes, share, least, most);

    /// <summary>The same of other memory than this machine's.</summary>
    internal static long Share(long bytes, double share, long least, long most) =>
        Math.Clamp((long)(bytes * share), least, most);
}
