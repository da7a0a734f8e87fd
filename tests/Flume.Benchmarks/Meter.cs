using System.Diagnostics;
using System.Globalization;

namespace Flume.Benchmarks;

/// <summary>Wall-clock and processor time of a stretch of work; the latter holds on a busy machine too.</summary>
internal sealed class Meter
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;

    /// <summary>Prints what <paramref name="count"/> things took.</summary>
    public void Print(string what, long count)
    {
        using Process self = Process.GetCurrentProcess();
        double wallMs = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
        double cpuMs = (self.TotalProcessorTime - _cpu).TotalMilliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-20} {count,9} in {wallMs,6:F0} ms ({cpuMs,6:F0} ms of processor), "
            + $"{count / wallMs * 1000,10:F0}/s, peak {self.PeakWorkingSet64 >> 20} MB"));
    }
}
