namespace Flume.Torture.Soak;

/// <summary>Samples of what a process uses, and the straight lines through their later three quarters.</summary>
internal sealed class Slopes
{
    private const double OwnMbPerHourMax = 120, CountPerHourMax = 60, MinutesLeast = 8;
    private readonly List<(double Hours, ProcessUse Use)> _samples = [];

    public void Take(TimeSpan at, ProcessUse use) => _samples.Add((at.TotalHours, use));

    /// <summary>The first sample, the last one, and the growth an hour.</summary>
    public IEnumerable<string> Lines()
    {
        if (_samples.Count == 0) yield break;
        yield return $"first {_samples[0].Use}; last {_samples[^1].Use}";
        yield return $"growth an hour: {Slope(use => use.ResidentMb):f1} MiB resident, "
            + $"{Slope(use => use.OwnMb):f1} MiB own, {Slope(use => use.Threads):f1} threads, {Slope(use => use.Handles):f1} handles";
    }

    /// <summary>What grew faster than it may. A short run says nothing: it warms up.</summary>
    public IEnumerable<string> Growth()
    {
        if (_samples.Count == 0 || _samples[^1].Hours * 60 < MinutesLeast) yield break;
        if (Slope(use => use.OwnMb) > OwnMbPerHourMax) yield return $"{Slope(use => use.OwnMb):f1} MiB an hour";
        if (Slope(use => use.Threads) > CountPerHourMax) yield return $"{Slope(use => use.Threads):f1} threads an hour";
        if (Slope(use => use.Handles) > CountPerHourMax) yield return $"{Slope(use => use.Handles):f1} handles an hour";
    }

    private double Slope(Func<ProcessUse, double> of)
    {
        (double Hours, double Value)[] points =
            [.. _samples.Skip(_samples.Count / 4).Select(one => (one.Hours, of(one.Use)))];
        double meanX = points.Average(point => point.Hours), meanY = points.Average(point => point.Value);
        double spread = points.Sum(point => (point.Hours - meanX) * (point.Hours - meanX));
        return spread == 0 ? 0 : points.Sum(point => (point.Hours - meanX) * (point.Value - meanY)) / spread;
    }
}
