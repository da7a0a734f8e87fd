using System.Globalization;

namespace Flume.Host.Cli;

/// <summary>Formats sizes, rates and times with a suitable unit.</summary>
internal static class Units
{
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Formats a whole number with thousands separators.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Formats a rate per second, rounded to a whole number.</summary>
    public static string Rate(double perSecond) => Count((long)Math.Round(perSecond));

    /// <summary>A size in decimal units.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= 1000 && unit < Sizes.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return $"{bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Sizes[unit]}";
    }

    /// <summary>Seconds with fractions.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A time: seconds with fractions when short, else minutes and hours.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < 3600 => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}{time:\\:mm\\:ss}"),
    };
}
