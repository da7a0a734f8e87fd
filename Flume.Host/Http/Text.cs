using System.Globalization;

namespace Flume.Host.Http;

/// <summary>Numbers as protocols write them.</summary>
internal static class Text
{
    /// <summary>The decimal number, in no culture's fashion.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);
}
