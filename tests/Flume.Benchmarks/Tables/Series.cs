using System.Globalization;

namespace Flume.Benchmarks.Tables;

/// <summary>The same work measured several times: one row of the table.</summary>
internal sealed class Series(string what)
{
    private readonly List<Measurement> _rounds = [];

    /// <summary>The heads of a table of such rows, as markdown.</summary>
    public const string Head = """
        | work | things | median ms | fastest–slowest | processor ms | things/s | peak MB |
        |---|---:|---:|---:|---:|---:|---:|
        """;

    /// <summary>One round more.</summary>
    public void Add(Measurement measurement) => _rounds.Add(measurement);

    /// <summary>The row, as markdown; medians of the rounds.</summary>
    public override string ToString()
    {
        double wall = Median(round => round.WallMs);
        long count = _rounds[0].Count;
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {count:N0} | {wall:N1} "
            + $"| {_rounds.Min(round => round.WallMs):N1}–{_rounds.Max(round => round.WallMs):N1} "
            + $"| {Median(round => round.CpuMs):N1} | {count / wall * 1000:N0} | {Median(round => round.PeakMegabytes):N0} |");
    }

    private double Median(Func<Measurement, double> of)
    {
        double[] sorted = [.. _rounds.Select(of).Order()];
        return sorted[sorted.Length / 2];
    }
}
