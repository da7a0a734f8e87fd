using System.Globalization;

namespace Flume.Actors;

/// <summary>Parses and formats sizes in bytes: <c>4096</c>, <c>64KiB</c>, <c>16MiB</c>, <c>1GiB</c>.</summary>
internal static class ByteCount
{
    private static readonly (string Suffix, int Shift)[] Units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];

    /// <summary>False when the text is not a size.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        int shift = 0;
        foreach ((string suffix, int by) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            (text, shift) = (text[..^suffix.Length].TrimEnd(), by);
            break;
        }

        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
        isNumber &= bytes <= long.MaxValue >> shift;
        bytes <<= shift;
        return isNumber;
    }

    /// <summary>The shortest exact text of a size.</summary>
    public static string Text(long bytes)
    {
        foreach ((string suffix, int shift) in Units)
        {
            if (bytes == 0 || bytes % (1L << shift) != 0) continue;
            return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + suffix;
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
