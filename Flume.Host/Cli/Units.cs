using System.Globalization;

namespace Flume.Host.Cli;

/// <summary>Numbers for people: sizes, rates and times in the unit that fits.</summary>
internal static class Units
{
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A whole number with thousands apart.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A rate per second, rounded to what is worth reading.</summary>
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
