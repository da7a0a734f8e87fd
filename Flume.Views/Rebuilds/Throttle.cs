using System.Diagnostics;

namespace Flume.Views.Rebuilds;

/// <summary>Keeps one thread to its share of the time and to its rate: after each piece of work it rests.</summary>
/// <param name="share">Part of the time that the thread may work; asked for again at every rest.</param>
/// <param name="recordsPerSecond">Records that the thread may work on in a second; null for any number.</param>
internal sealed class Throttle(Func<double> share, Func<double>? recordsPerSecond = null)
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(1);
    private long _workedSince = Stopwatch.GetTimestamp();

    /// <summary>
    /// Rests as long as the budget demands for the work since the last call; returns early when stopped.
    /// </summary>
    /// <param name="stop">Ends the rest.</param>
    /// <param name="records">How many records that work was.</param>
    internal void Rest(CancellationToken stop, int records = 0)
    {
        TimeSpan worked = Stopwatch.GetElapsedTime(_workedSince);
        TimeSpan rest = RestFor(worked, share());
        if (rest > TimeSpan.Zero) stop.WaitHandle.WaitOne(rest);
        // A run of records can be worth minutes at a low rate: the rest comes in slices, so that a new rate is obeyed
        // soon.
        while (!stop.IsCancellationRequested && Missing(records) is var missing && missing > TimeSpan.Zero)
            stop.WaitHandle.WaitOne(missing < RestMax ? missing : RestMax);
        _workedSince = Stopwatch.GetTimestamp();
    }

    /// <summary>The rest that makes <paramref name="worked"/> the share of both together, a second at most.</summary>
    internal static TimeSpan RestFor(TimeSpan worked, double share)
    {
        TimeSpan rest = worked * ((1 / Math.Clamp(share, 0.001, 1)) - 1);
        return rest < RestMax ? rest : RestMax;
    }

    /// <summary>The time that records must take at a rate, at most a day; none when the rate has no limit.</summary>
    internal static TimeSpan TimeFor(int records, double perSecond) =>
        TimeSpan.FromSeconds(Math.Min(TimeSpan.SecondsPerDay, records / Math.Max(perSecond, double.Epsilon)));

    private TimeSpan Missing(int records) =>
        TimeFor(records, recordsPerSecond?.Invoke() ?? double.PositiveInfinity) - Stopwatch.GetElapsedTime(_workedSince);
}
