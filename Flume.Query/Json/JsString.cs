using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Flume.Query.Json;

/// <summary>Decodes the inside of a JSON string to JavaScript's UTF-16 units, or to UTF-8.</summary>
/// <remarks>
/// Invalid UTF-8 becomes U+FFFD, as in <c>Buffer.toString</c>. Escapes may give lone surrogates: UTF-16 keeps them, and
/// UTF-8 replaces them by U+FFFD, as <c>Buffer.from</c> does.
/// </remarks>
internal static class JsString
{
    private const int Replacement = 0xFFFD;

    /// <summary>Decodes the string between two quotes. <paramref name="at"/> is its position, for errors.</summary>
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

    /// <summary>Makes the checks of <see cref="Decode"/> without a string.</summary>
    /// <exception cref="JsSyntaxException">An unknown escape or a raw control character.</exception>
    public static void Check(ReadOnlySpan<byte> inside, bool escaped, int at)
    {
        CheckControls(inside, at);
        int wrong = escaped ? WrongEscape(inside) : -1;
        if (wrong >= 0) throw new JsSyntaxException("Unknown escape in a string", at + wrong);
    }

    /// <summary>True if every backslash starts a JSON escape.</summary>
    public static bool AreEscapesValid(ReadOnlySpan<byte> inside) => WrongEscape(inside) < 0;

    /// <summary>
    /// Writes the units to <paramref name="units"/>, which needs one unit of room per byte. Returns their number, or
    /// the complement of the position of an unknown escape.
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
    /// Writes the string's UTF-8 to <paramref name="utf8"/>, which needs three bytes of room per byte. Returns the
    /// number of bytes, or -1 for an unknown escape.
    /// </summary>
    /// <param name="inside">The text between the quotes.</param>
    /// <param name="utf8">The output.</param>
    /// <param name="isUtf8">True if <paramref name="inside"/> is known to be valid UTF-8.</param>
    public static int ToUtf8(ReadOnlySpan<byte> inside, Span<byte> utf8, bool isUtf8 = false)
    {
        if (!isUtf8 && !Utf8.IsValid(inside)) return ToUtf8ByUnits(inside, utf8);
        int count = 0, high = 0;
        for (int i = 0; i < inside.Length;)
        {
            if (inside[i] != '\\')
            {
                if (high != 0) count += Put(Replacement, utf8[count..]);
                high = 0;
                int run = inside[i..].IndexOf((byte)'\\');
                ReadOnlySpan<byte> plain = run < 0 ? inside[i..] : inside.Slice(i, run);
                plain.CopyTo(utf8[count..]);
                count += plain.Length;
                i += plain.Length;
                continue;
            }

            int unit = Escape(inside[i..], out int length);
            if (unit < 0) return -1;
            i += length;
            if (high != 0 && char.IsLowSurrogate((char)unit))
            {
                count += new Rune((char)high, (char)unit).EncodeToUtf8(utf8[count..]);
                high = 0;
                continue;
            }

            if (high != 0) count += Put(Replacement, utf8[count..]);
            high = char.IsHighSurrogate((char)unit) ? unit : 0;
            if (high == 0) count += Put(char.IsLowSurrogate((char)unit) ? Replacement : unit, utf8[count..]);
        }

        return high != 0 ? count + Put(Replacement, utf8[count..]) : count;
    }

    private static int ToUtf8ByUnits(ReadOnlySpan<byte> inside, Span<byte> utf8)
    {
        char[] units = ArrayPool<char>.Shared.Rent(inside.Length);
        int count = Unescape(inside, units);
        if (count >= 0) Utf8.FromUtf16(units.AsSpan(0, count), utf8, out _, out count);
        ArrayPool<char>.Shared.Return(units);
        return Math.Max(count, -1);
    }

    /// <summary>Writes a unit that is not a surrogate.</summary>
    private static int Put(int unit, Span<byte> utf8)
    {
        if (unit >= 0x80) return new Rune((char)unit).EncodeToUtf8(utf8);
        utf8[0] = (byte)unit;
        return 1;
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

    /// <summary>The UTF-16 unit of the escape at the start of <paramref name="text"/>, or -1.</summary>
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
                return (Hex(text[2]) << 12) | (Hex(text[3]) << 8) | (Hex(text[4]) << 4) | Hex(text[5]);
            default: return -1;
        }
    }

    /// <summary>The value of a hexadecimal digit; -1, all bits, for other characters.</summary>
    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
