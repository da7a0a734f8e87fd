using System.Diagnostics;

namespace Flume.Views.Rebuilds;

/// <summary>Limits one thread to a share of time and a rate. The thread rests after each piece of work.</summary>
/// <param name="share">The fraction of time that the thread may work. It is read again at every rest.</param>
/// <param name="recordsPerSecond">The maximum records per second; null for no limit.</param>
internal sealed class Throttle(Func<double> share, Func<double>? recordsPerSecond = null)
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(1);
    private long _workedSince = Stopwatch.GetTimestamp();

    /// <summary>
    /// Rests for as long as the budget requires after the work since the last call. Returns early when stopped.
    /// </summary>
    /// <param name="stop">Ends the rest.</param>
    /// <param name="records">The number of records in that work.</param>
    internal void Rest(CancellationToken stop, int records = 0)
    {
        TimeSpan worked = Stopwatch.GetElapsedTime(_workedSince);
        TimeSpan rest = RestFor(worked, share());
        if (rest > TimeSpan.Zero) stop.WaitHandle.WaitOne(rest);
        // At a low rate, one batch can require minutes of rest. Short rests let a new rate take effect soon.
        while (!stop.IsCancellationRequested && Missing(records) is var missing && missing > TimeSpan.Zero)
            stop.WaitHandle.WaitOne(missing < RestMax ? missing : RestMax);
        _workedSince = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// The rest after which <paramref name="worked"/> is the given share of the total time, at most one second.
    /// </summary>
    internal static TimeSpan RestFor(TimeSpan worked, double share)
    {
        TimeSpan rest = worked * ((1 / Math.Clamp(share, 0.001, 1)) - 1);
        return rest < RestMax ? rest : RestMax;
    }

    /// <summary>The minimum time for records at a rate, at most one day; zero without a limit.</summary>
    internal static TimeSpan TimeFor(int records, double perSecond) =>
        TimeSpan.FromSeconds(Math.Min(TimeSpan.SecondsPerDay, records / Math.Max(perSecond, double.Epsilon)));

    private TimeSpan Missing(int records) =>
        TimeFor(records, recordsPerSecond?.Invoke() ?? double.PositiveInfinity)
        - Stopwatch.GetElapsedTime(_workedSince);
}
