using System.Globalization;

namespace Flume.Host.Http;

/// <summary>Formats numbers for protocols, independent of the culture.</summary>
internal static class Text
{
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);
}
