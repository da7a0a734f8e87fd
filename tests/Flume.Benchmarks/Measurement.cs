using System.Globalization;
using System.Text.RegularExpressions;

namespace Flume.Benchmarks;

/// <summary>What a stretch of work took; written as one line that <see cref="TryParse"/> reads back.</summary>
/// <param name="What">The work.</param>
/// <param name="Count">How many things.</param>
/// <param name="WallMs">Milliseconds on the clock.</param>
/// <param name="CpuMs">Milliseconds of processor, all threads.</param>
/// <param name="PeakMegabytes">The process's largest resident size so far.</param>
internal sealed partial record Measurement(string What, long Count, double WallMs, double CpuMs, long PeakMegabytes)
{
    /// <summary>Things a second.</summary>
    public double Rate => Count / WallMs * 1000;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{What,-20} {Count,9} in {WallMs,8:F1} ms ({CpuMs,8:F1} ms of processor), {Rate,10:F0}/s, peak {PeakMegabytes} MB");

    /// <summary>Reads a line that <see cref="ToString"/> wrote; null when it is another line.</summary>
    public static Measurement? TryParse(string line)
    {
        Match match = Line().Match(line);
        return match.Success
            ? new(match.Groups[1].Value, (long)Number(match, 2), Number(match, 3), Number(match, 4), (long)Number(match, 5))
            : null;
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*?) +(\d+) in +([\d.]+) ms \( *([\d.]+) ms of processor\), +\d+/s, peak (\d+) MB$")]
    private static partial Regex Line();
}
