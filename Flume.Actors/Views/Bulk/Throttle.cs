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
        TimeSpan rest = RestFor(Stopwatch.GetElapsedTime(_workedSince), share());
        if (rest > TimeSpan.Zero) stop.WaitHandle.WaitOne(rest);
        _workedSince = Stopwatch.GetTimestamp();
    }

    /// <summary>The rest that makes <paramref name="worked"/> the share of both together, a second at most.</summary>
    internal static TimeSpan RestFor(TimeSpan worked, double share)
    {
        TimeSpan rest = worked * ((1 / Math.Clamp(share, 0.001, 1)) - 1);
        return rest < RestMax ? rest : RestMax;
    }
}
