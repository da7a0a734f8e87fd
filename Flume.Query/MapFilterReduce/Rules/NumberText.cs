using System.Globalization;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>Converts a string to a number as JavaScript does: <c>Number("0x1f")</c>, <c>+" 12 "</c>.</summary>
internal static class NumberText
{
    /// <summary>The number; 0 for white space alone, NaN if the text is not a number.</summary>
    public static double Read(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[0])) text = text[1..];
        while (text.Length > 0 && IsSpace(text[^1])) text = text[..^1];
        if (text.IsEmpty) return 0;
        if (text.Length > 2 && text[0] == '0' && (text[1] | 0x20) is 'x' or 'o' or 'b')
            return ReadRadix(text[2..], (text[1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 });

        bool negative = text[0] == '-';
        ReadOnlySpan<char> unsigned = negative || text[0] == '+' ? text[1..] : text;
        if (unsigned.SequenceEqual("Infinity")) return negative ? double.NegativeInfinity : double.PositiveInfinity;
        return IsDecimal(unsigned) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : double.NaN;
    }

    private static bool IsSpace(char c) => c == '\uFEFF' || (c != '\u0085' && char.IsWhiteSpace(c));

    private static double ReadRadix(ReadOnlySpan<char> digits, int radix)
    {
        double sum = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= radix) return double.NaN;
            sum = (sum * radix) + digit;
        }

        return sum;
    }

    /// <summary>
    /// Digits with at most one point before, between or after them, at least one digit, then an optional exponent.
    /// </summary>
    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        int at = Digits(text, 0), count = at;
        if (at < text.Length && text[at] == '.')
        {
            int end = Digits(text, at + 1);
            count += end - at - 1;
            at = end;
        }

        if (count == 0) return false;
        if (at == text.Length) return true;
        if ((text[at] | 0x20) != 'e') return false;
        at++;
        if (at < text.Length && text[at] is '+' or '-') at++;
        return at < text.Length && Digits(text, at) == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at;
    }
}
