using System.Globalization;
using System.Numerics;
using System.Text;

namespace Flume.Query.Json;

/// <summary>JavaScript's implicit conversions: the results of <c>'' + value</c> and <c>+value</c>.</summary>
public static class JsCoercion
{
    private static readonly System.Buffers.SearchValues<char> NumberUnits =
        System.Buffers.SearchValues.Create("0123456789+-.eE");

    /// <summary>
    /// JavaScript's string of a value: arrays are joined by commas, an object gives <c>[object Object]</c>.
    /// </summary>
    public static string ToText(JsValue value)
    {
        if (!value.IsArray) return Scalar(value);
        var text = new StringBuilder();
        var open = new Stack<(JsArray Items, int Next)>();
        open.Push((value.AsArray, 0));
        while (open.TryPop(out (JsArray Items, int Next) level))
        {
            if (level.Next >= level.Items.Count) continue;
            if (level.Next > 0) text.Append(',');
            JsValue item = level.Items[level.Next];
            open.Push((level.Items, level.Next + 1));
            if (item.IsArray) open.Push((item.AsArray, 0));
            else if (!item.IsNullish) text.Append(Scalar(item));
        }

        return text.ToString();
    }

    /// <summary>JavaScript's number of a value; NaN if there is none.</summary>
    public static double ToNumber(JsValue value) => value.Kind switch
    {
        JsKind.Null => 0,
        JsKind.Boolean => value.AsBoolean ? 1 : 0,
        JsKind.Number => value.AsNumber,
        JsKind.String or JsKind.Array => ToNumber(ToText(value)),
        _ => double.NaN,
    };

    /// <summary>
    /// Parses a number: decimal, hexadecimal, octal, binary or Infinity; an empty text is 0.
    /// </summary>
    public static double ToNumber(string text)
    {
        ReadOnlySpan<char> trimmed = Trim(text);
        if (trimmed.IsEmpty) return 0;
        if (trimmed.Length > 2 && trimmed[0] == '0' && (trimmed[1] | 0x20) is 'x' or 'o' or 'b')
            return Radix(trimmed[2..], (trimmed[1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 });
        if (trimmed is "Infinity" or "+Infinity") return double.PositiveInfinity;
        if (trimmed is "-Infinity") return double.NegativeInfinity;
        if (trimmed.IndexOfAnyExcept(NumberUnits) >= 0) return double.NaN;
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(trimmed, Style, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
    }

    private static string Scalar(JsValue value) => value.Kind switch
    {
        JsKind.Undefined => "undefined",
        JsKind.Null => "null",
        JsKind.Boolean => value.AsBoolean ? "true" : "false",
        JsKind.Number => JsNumber.Format(value.AsNumber),
        JsKind.String => value.AsString,
        _ => "[object Object]",
    };

    private static ReadOnlySpan<char> Trim(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text.AsSpan(start, end - start);
    }

    private static double Radix(ReadOnlySpan<char> digits, int radix)
    {
        BigInteger sum = 0;
        foreach (char unit in digits)
        {
            int digit = char.IsAsciiHexDigit(unit) ? Convert.ToInt32(unit.ToString(), 16) : radix;
            if (digit >= radix) return double.NaN;
            sum = (sum * radix) + digit;
        }

        return (double)sum;
    }

    /// <summary>True for characters that JavaScript's <c>\s</c> matches.</summary>
    public static bool IsSpace(char unit) => unit switch
    {
        <= ' ' => unit is ' ' or (>= '\t' and <= '\r'),
        < '\u1680' => unit == '\u00a0',
        _ => unit is '\u1680' or (>= '\u2000' and <= '\u200a') or '\u2028' or '\u2029' or '\u202f' or '\u205f'
            or '\u3000' or '\ufeff',
    };
}
