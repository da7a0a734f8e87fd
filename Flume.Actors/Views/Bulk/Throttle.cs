using System.Diagnostics;

namespace Flume.Views.Bulk;

/// <summary>Keeps one thread to its share of the time: after each piece of work it rests for the rest.</summary>
internal sealed class Throttle(Func<double> share)
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(1);
    private long _workedSince = Stopwatch.GetTimestamp();

    /// <summary>Rests as long as the share demands for the work since the last call; returns early when stopped.</summary>
    internal void Rest(CancellationToken stop)
    {
        double part = Math.Clamp(share(), 0.001, 1);
        if (part < 1)
        {
            TimeSpan rest = Stopwatch.GetElapsedTime(_workedSince) * (1 / part - 1);
            stop.WaitHandle.WaitOne(rest < RestMax ? rest : RestMax);
        }
        _workedSince = Stopwatch.GetTimestamp();
    }
}
