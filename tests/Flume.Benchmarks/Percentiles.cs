namespace Flume.Benchmarks;

/// <summary>Prints how long things took: the half, the slowest hundredth, and the slowest.</summary>
internal static class Percentiles
{
    /// <summary>One line; the times stay as they are.</summary>
    public static void Print(string what, IEnumerable<double> ms)
    {
        double[] sorted = [.. ms.Order()];
        if (sorted.Length == 0) return;
        Console.WriteLine($"  {what}: n {sorted.Length:N0}, p50 {At(sorted, 0.5):F2} ms, p99 {At(sorted, 0.99):F2} ms, most {sorted[^1]:F2} ms");
    }

    private static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}
