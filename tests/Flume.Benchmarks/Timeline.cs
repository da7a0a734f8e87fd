using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime;
using Flume.Log.Telemetry;

namespace Flume.Benchmarks;

/// <summary>
/// What the engine's instruments measured and when, with the pauses of the collector and of the machine: it names the cause
/// of a slow moment.
/// </summary>
/// <remarks>
/// Measured on the threads that do the work, printed at the end. The machine is late when a thread that sleeps 1 ms is.
/// </remarks>
internal sealed class Timeline : IDisposable
{
    private const int Slowest = 30;
    private const double LateMs = 5;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Moment> _moments = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly int _collections = GC.CollectionCount(0);
    private volatile bool _ended;

    public Timeline()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instruments.Name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(
            (instrument, seconds, tags, _) => Note(instrument.Name, tags.Length > 0 ? $"{tags[0].Value}" : "", seconds * 1000));
        _listener.Start();
        new Thread(WatchPauses) { IsBackground = true, Name = "pauses" }.Start();
    }

    /// <summary>Prints totals by what and by view, and the slowest moments in order.</summary>
    public void Print(int records)
    {
        _ended = true;
        double cpu = (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds;
        Console.WriteLine(
            $"  {cpu:F2} s of processor, {(GC.GetTotalAllocatedBytes() - _allocated) / records:N0} bytes allocated a record, "
            + $"{GC.CollectionCount(0) - _collections} collections, {JitInfo.GetCompilationTime().TotalMilliseconds:F0} ms of JIT");
        foreach (var group in _moments.GroupBy(moment => (moment.What, moment.View)).OrderBy(group => group.Key))
        {
            double sum = group.Sum(moment => moment.Ms);
            Percentiles.Print($"  {group.Key.What} {group.Key.View} (sum {sum:F0} ms)", group.Select(moment => moment.Ms));
        }

        // Waiting is what the others cause.
        foreach (Moment moment in _moments.Where(moment => !moment.What.Contains("wait") && !moment.What.Contains("append"))
            .OrderByDescending(moment => moment.Ms).Take(Slowest).OrderBy(moment => moment.At))
            Console.WriteLine($"    until {moment.At,7:F3} s: {moment.Ms,7:F1} ms of {moment.What} {moment.View}");
    }

    public void Dispose()
    {
        _ended = true;
        _listener.Dispose();
    }

    private void Note(string what, string view, double ms) =>
        _moments.Enqueue(new(Stopwatch.GetElapsedTime(_start).TotalSeconds, what, view, ms));

    private void WatchPauses()
    {
        TimeSpan collected = GC.GetTotalPauseDuration();
        while (!_ended)
        {
            long before = Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            double ms = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            if (ms > LateMs) Note("machine late", "", ms);
            TimeSpan now = GC.GetTotalPauseDuration();
            int generation = GC.GetGCMemoryInfo(GCKind.Any).Generation;
            if (now > collected) Note("collector", $"generation {generation}", (now - collected).TotalMilliseconds);
            collected = now;
        }
    }

    private readonly record struct Moment(double At, string What, string View, double Ms);
}
