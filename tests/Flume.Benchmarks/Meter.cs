using System.Diagnostics;

namespace Flume.Benchmarks;

/// <summary>Wall-clock and processor time of a stretch of work; the latter holds on a busy machine too.</summary>
internal sealed class Meter
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;

    /// <summary>Prints what <paramref name="count"/> things took.</summary>
    public void Print(string what, long count) => Console.WriteLine(Measure(what, count));

    /// <summary>What <paramref name="count"/> things took.</summary>
    public Measurement Measure(string what, long count)
    {
        using Process self = Process.GetCurrentProcess();
        return new Measurement(
            what, count, Stopwatch.GetElapsedTime(_start).TotalMilliseconds,
            (Environment.CpuUsage.TotalTime - _cpu).TotalMilliseconds, self.PeakWorkingSet64 >> 20);
    }
}
