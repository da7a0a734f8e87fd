using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Flume.Query.Json;

/// <summary>JavaScript's numbers as text: ECMAScript's Number::toString, and the value of a JSON number.</summary>
public static class JsNumber
{
    /// <summary>The maximum length of the text that <see cref="Format(double, Span{byte})"/> writes.</summary>
    public const int LengthMax = 32;

    private const long ExactMax = 1L << 53;

    /// <summary>
    /// The text of <c>String(number)</c>: the shortest that parses to the same number; <c>1e+21</c>, <c>1e-7</c>, -0 as
    /// 0.
    /// </summary>
    public static string Format(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        Span<byte> text = stackalloc byte[LengthMax];
        return Encoding.ASCII.GetString(text[..Format(number, text)]);
    }

    /// <summary>Writes a finite number's text; returns its length, at most <see cref="LengthMax"/>.</summary>
    public static int Format(double number, Span<byte> to)
    {
        if (Math.Abs(number) <= ExactMax && number == (long)number)
        {
            Utf8Formatter.TryFormat((long)number, to, out int written);
            return written;
        }

        Span<byte> shortest = stackalloc byte[LengthMax];
        Span<byte> digits = stackalloc byte[LengthMax];
        int length = Shortest(Math.Abs(number), shortest);
        int count = Split(shortest[..length], digits, out int point);
        int sign = 0;
        if (number < 0) to[sign++] = (byte)'-';
        return sign + Lay(digits[..count], point, to[sign..]);
    }

    /// <summary>Parses a JSON number; a value above the largest double is infinite.</summary>
    /// <exception cref="JsSyntaxException">The text is not exactly one JSON number.</exception>
    public static double Parse(ReadOnlySpan<byte> text)
    {
        if (TryParseShortInteger(text, out double number)) return number;
        int end = JsScanner.SkipNumber(text, 0);
        if (end != text.Length) throw JsSyntaxException.Expected("the end of a number", text, end);
        return Read(text);
    }

    /// <summary>Parses a text whose grammar was checked.</summary>
    internal static double Read(ReadOnlySpan<byte> text)
    {
        if (TryParseShortInteger(text, out double number)) return number;
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return number;
    }

    /// <summary>
    /// The shortest text that parses to the same number. .NET's own text is wrong for some powers of two, whose lower
    /// neighbours are closer than their upper ones (0x0410000000000000 prints as its neighbour), so this method checks
    /// those.
    /// </summary>
    private static int Shortest(double number, Span<byte> text)
    {
        number.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        if ((BitConverter.DoubleToInt64Bits(number) & ((1L << 52) - 1)) == 0 && Read(text[..length]) != number)
            number.TryFormat(text, out length, "E16", CultureInfo.InvariantCulture);
        return length;
    }

    private static bool TryParseShortInteger(ReadOnlySpan<byte> text, out double number)
    {
        long sum = 0;
        number = 0;
        if (text.Length is 0 or > 15 || (text[0] == '0' && text.Length > 1)) return false;
        for (int i = 0; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9) return false;
            sum = (sum * 10) + digit;
        }

        number = sum;
        return true;
    }

    /// <summary>
    /// The significant digits of .NET's text, without leading or trailing zeros, and the position of the decimal point
    /// relative to the first digit: the value is 0.d1d2d3… x 10^point.
    /// </summary>
    private static int Split(ReadOnlySpan<byte> text, Span<byte> digits, out int point)
    {
        int count = 0, exponent = 0, whole = 0;
        bool fraction = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == 'E')
            {
                _ = Utf8Parser.TryParse(text[(i + (text[i + 1] == '+' ? 2 : 1))..], out exponent, out _);
                break;
            }

            if (c == '.') fraction = true;
            else
            {
                digits[count++] = c;
                if (!fraction) whole++;
            }
        }

        int leading = 0;
        while (leading < count - 1 && digits[leading] == '0') leading++;
        digits[leading..count].CopyTo(digits);
        count -= leading;
        while (count > 1 && digits[count - 1] == '0') count--;
        point = whole - leading + exponent;
        return count;
    }

    private static int Lay(ReadOnlySpan<byte> digits, int point, Span<byte> to)
    {
        int count = digits.Length;
        if (point is > 21 or <= -6) return LayExponent(digits, point - 1, to);
        if (point >= count)
        {
            digits.CopyTo(to);
            to[count..point].Fill((byte)'0');
            return point;
        }

        if (point > 0)
        {
            digits[..point].CopyTo(to);
            to[point] = (byte)'.';
            digits[point..].CopyTo(to[(point + 1)..]);
            return count + 1;
        }

        "0."u8.CopyTo(to);
        to.Slice(2, -point).Fill((byte)'0');
        digits.CopyTo(to[(2 - point)..]);
        return 2 - point + count;
    }

    private static int LayExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        int at = 0;
        to[at++] = digits[0];
        if (digits.Length > 1)
        {
            to[at++] = (byte)'.';
            digits[1..].CopyTo(to[at..]);
            at += digits.Length - 1;
        }

        to[at++] = (byte)'e';
        to[at++] = (byte)(exponent < 0 ? '-' : '+');
        Utf8Formatter.TryFormat(Math.Abs(exponent), to[at..], out int written);
        return at + written;
    }
}
