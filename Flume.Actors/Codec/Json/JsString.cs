using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Flume.Codec.Json;

/// <summary>Turns the inside of a JSON string into JavaScript's UTF-16 units, or into UTF-8.</summary>
/// <remarks>
/// Invalid UTF-8 becomes U+FFFD as <c>Buffer.toString</c> makes it; escapes may produce lone surrogates, which UTF-16
/// keeps and UTF-8 replaces by U+FFFD, as <c>Buffer.from</c> does.
/// </remarks>
internal static class JsString
{
    /// <summary>The string between two quotes. <paramref name="at"/> is where it stands, for errors.</summary>
    /// <exception cref="JsSyntaxException">An unknown escape or a raw control character.</exception>
    public static string Decode(ReadOnlySpan<byte> inside, bool escaped, int at)
    {
        CheckControls(inside, at);
        if (!escaped) return Encoding.UTF8.GetString(inside);
        char[] units = ArrayPool<char>.Shared.Rent(inside.Length);
        try
        {
            int count = Unescape(inside, units);
            if (count < 0) throw new JsSyntaxException("Unknown escape in a string", at + ~count);
            return new string(units, 0, count);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
        }
    }

    /// <summary>Checks what <see cref="Decode"/> would, without making the string.</summary>
    /// <exception cref="JsSyntaxException">As there.</exception>
    public static void Check(ReadOnlySpan<byte> inside, bool escaped, int at)
    {
        CheckControls(inside, at);
        int wrong = escaped ? WrongEscape(inside) : -1;
        if (wrong >= 0) throw new JsSyntaxException("Unknown escape in a string", at + wrong);
    }

    /// <summary>True when every backslash starts an escape that JSON knows.</summary>
    public static bool AreEscapesValid(ReadOnlySpan<byte> inside) => WrongEscape(inside) < 0;

    /// <summary>
    /// Writes the units to <paramref name="units"/>, which has room for one a byte; returns how many, or the
    /// complement of the position of an unknown escape.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> inside, Span<char> units)
    {
        int count = 0;
        for (int i = 0; i < inside.Length;)
        {
            int run = inside[i..].IndexOf((byte)'\\');
            if (run != 0)
            {
                ReadOnlySpan<byte> plain = run < 0 ? inside[i..] : inside.Slice(i, run);
                count += Encoding.UTF8.GetChars(plain, units[count..]);
                i += plain.Length;
                continue;
            }

            int unit = Escape(inside[i..], out int length);
            if (unit < 0) return ~i;
            units[count++] = (char)unit;
            i += length;
        }

        return count;
    }

    /// <summary>
    /// Writes the string's UTF-8 to <paramref name="utf8"/>, which has room for three bytes a byte; returns how many,
    /// or -1 for an unknown escape.
    /// </summary>
    public static int ToUtf8(ReadOnlySpan<byte> inside, Span<byte> utf8)
    {
        char[] units = ArrayPool<char>.Shared.Rent(inside.Length);
        int count = Unescape(inside, units);
        if (count >= 0) Utf8.FromUtf16(units.AsSpan(0, count), utf8, out _, out count);
        ArrayPool<char>.Shared.Return(units);
        return Math.Max(count, -1);
    }

    private static int WrongEscape(ReadOnlySpan<byte> inside)
    {
        for (int i = 0; i < inside.Length;)
        {
            int run = inside[i..].IndexOf((byte)'\\');
            if (run < 0) return -1;
            i += run;
            if (Escape(inside[i..], out int length) < 0) return i;
            i += length;
        }

        return -1;
    }

    private static void CheckControls(ReadOnlySpan<byte> inside, int at)
    {
        int control = inside.IndexOfAnyInRange((byte)0, (byte)0x1f);
        if (control < 0) return;
        throw new JsSyntaxException($"Control character 0x{inside[control]:x2} in a string", at + control);
    }

    /// <summary>The UTF-16 unit that the escape at the start of <paramref name="text"/> stands for, or -1.</summary>
    private static int Escape(ReadOnlySpan<byte> text, out int length)
    {
        length = 2;
        if (text.Length < 2) return -1;
        switch (text[1])
        {
            case (byte)'"': return '"';
            case (byte)'\\': return '\\';
            case (byte)'/': return '/';
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'u':
                length = 6;
                if (text.Length < 6) return -1;
                bool hex = ushort.TryParse(
                    text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit);
                return hex ? unit : -1;
            default: return -1;
        }
    }
}
