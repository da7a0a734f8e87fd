using System.Globalization;
using System.Runtime.InteropServices;

namespace Flume.Benchmarks.Tables;

/// <summary>What the numbers of a run hold for.</summary>
internal static class Machine
{
    /// <summary>Date, processors, memory, system and runtime, in one line.</summary>
    public static string Describe()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, "
            + $"{Environment.ProcessorCount} × {Processor()}, {memory} GB, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}");
    }

    private static string Processor()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        if (!File.Exists(file)) return RuntimeInformation.OSArchitecture.ToString();
        string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null
            ? RuntimeInformation.OSArchitecture.ToString()
            : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
