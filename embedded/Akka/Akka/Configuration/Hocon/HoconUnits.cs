using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Numbers with a unit: durations and sizes in bytes.</summary>
internal static class HoconUnits
{
    private const string DurationUnits = "ns, us, ms, s, m, h, d and their long names";
    private const string SizeUnits =
        "B, kB, MB, GB, TB (powers of 1000), K, KiB, M, MiB, G, GiB, T, TiB (powers of 1024)";

    /// <summary>A bare number is milliseconds.</summary>
    public static TimeSpan ParseDuration(string text, bool allowInfinite)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (allowInfinite && text.Equals("infinite", StringComparison.OrdinalIgnoreCase))
            return Timeout.InfiniteTimeSpan;

        var digits = DigitsAtStart(text);
        var unit = text.AsSpan(digits).Trim();
        if (digits > 0 && double.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out var amount))
        {
            var ticks = TicksOf(unit);
            if (ticks > 0)
                return TimeSpan.FromTicks((long)Math.Round(amount * ticks));
        }
        throw new FormatException($"'{text}' is no duration. Write a number from 0 up and a unit: {DurationUnits}.");
    }

    public static long? ParseByteSize(string text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var digits = DigitsAtStart(text);
        var factor = FactorOf(text.AsSpan(digits).Trim());
        if (factor == 0 || !long.TryParse(text.AsSpan(0, digits), CultureInfo.InvariantCulture, out var amount))
            throw new FormatException($"'{text}' is no size. Write a whole number and a unit: {SizeUnits}.");
        return checked(amount * factor);
    }

    private static int DigitsAtStart(string text)
    {
        var i = 0;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.' || (i == 0 && text[i] == '-')))
            i++;
        return text.Length > 0 && text[0] == '-' ? 0 : i;
    }

    private static double TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TimeSpan.TicksPerMillisecond / 1_000_000d,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMillisecond / 1_000d,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => 0,
    };

    private static long FactorOf(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "b" or "B" or "byte" or "bytes" => 1,
        "kB" or "kilobyte" or "kilobytes" => 1_000,
        "MB" or "megabyte" or "megabytes" => 1_000_000,
        "GB" or "gigabyte" or "gigabytes" => 1_000_000_000,
        "TB" or "terabyte" or "terabytes" => 1_000_000_000_000,
        "PB" or "petabyte" or "petabytes" => 1_000_000_000_000_000,
        "EB" or "exabyte" or "exabytes" => 1_000_000_000_000_000_000,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
        "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
        _ => 0,
    };
}
