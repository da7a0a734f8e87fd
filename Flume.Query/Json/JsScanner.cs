using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Flume.Query.Json;

/// <summary>Finds the ends of values, with as little parsing as possible.</summary>
internal static class JsScanner
{
    /// <summary>The first position from <paramref name="at"/> on that is not JSON white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && IsSpace(text[at])) at++;
        return at;
    }

    /// <summary>Space, tab, line feed and carriage return are JSON's only white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSpace(byte value) => value <= 0x20 && value is 0x20 or 0x0a or 0x0d or 0x09;

    /// <summary>
    /// The position after the closing quote of the string whose opening quote is at <paramref name="at"/>.
    /// </summary>
    /// <exception cref="JsSyntaxException">The string does not end.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipString(ReadOnlySpan<byte> text, int at, out bool escaped)
    {
        escaped = false;
        for (int i = at + 1; i <= text.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)i);
            Vector256<byte> quotes = Vector256.Equals(bytes, Vector256.Create((byte)'"'));
            Vector256<byte> ends = quotes | Vector256.Equals(bytes, Vector256.Create((byte)'\\'));
            uint mask = ends.ExtractMostSignificantBits();
            if (mask == 0) continue;
            i += BitOperations.TrailingZeroCount(mask);
            return text[i] == '"' ? i + 1 : SkipRest(text, i, out escaped);
        }

        int rest = at + 1 + ((text.Length - at - 1) & ~(Vector256<byte>.Count - 1));
        return SkipRest(text, rest, out escaped);
    }

    private static int SkipRest(ReadOnlySpan<byte> text, int at, out bool escaped)
    {
        escaped = false;
        for (int i = at; i < text.Length;)
        {
            int found = text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0) break;
            i += found;
            if (text[i] == '"') return i + 1;
            escaped = true;
            i += 2;
        }

        throw new JsSyntaxException("A string does not end: expected '\"'", text.Length);
    }

    /// <summary>
    /// The position after the bracket that closes the object or array at <paramref name="at"/>. Brackets are counted,
    /// not paired; a later parse of the content detects a mismatch.
    /// </summary>
    /// <exception cref="JsSyntaxException">The bracket is never closed.</exception>
    [SkipLocalsInit]
    public static int SkipContainer(ReadOnlySpan<byte> text, int at)
    {
        JsonBlock block = default;
        int depth = 0;
        Span<byte> padded = stackalloc byte[JsonBlock.Size];
        for (int start = at; start < text.Length; start += JsonBlock.Size)
        {
            ref byte bytes = ref JsonBlock.At(text, start, padded);
            ulong outside = ~block.Strings(ref bytes);
            ulong opens = JsonBlock.MaskEither(ref bytes, (byte)'{') & outside;
            ulong closes = JsonBlock.MaskEither(ref bytes, (byte)'}') & outside;
            int closed = BitOperations.PopCount(closes);
            if (closed < depth)
            {
                depth += BitOperations.PopCount(opens) - closed;
                continue;
            }

            int end = CloseWithin(opens, closes, ref depth);
            if (end >= 0) return start + end + 1;
        }

        throw new JsSyntaxException($"Brackets opened at byte {at} are never closed", text.Length);
    }

    /// <summary>The bit where the depth becomes zero, or -1.</summary>
    private static int CloseWithin(ulong opens, ulong closes, ref int depth)
    {
        for (ulong both = opens | closes; both != 0; both &= both - 1)
        {
            int bit = BitOperations.TrailingZeroCount(both);
            depth += ((opens >> bit) & 1) != 0 ? 1 : -1;
            if (depth == 0) return bit;
        }

        return -1;
    }

    /// <summary>The position after the number at <paramref name="at"/>; checks its grammar.</summary>
    /// <exception cref="JsSyntaxException">The text there is not a JSON number.</exception>
    public static int SkipNumber(ReadOnlySpan<byte> text, int at)
    {
        int end = NumberEnd(text, at);
        return end > 0 ? end : throw JsSyntaxException.Expected("a number", text, -end);
    }

    /// <summary>
    /// The position after the number at <paramref name="at"/>, or minus the position of the first wrong byte.
    /// </summary>
    public static int NumberEnd(ReadOnlySpan<byte> text, int at)
    {
        int i = at;
        if (i < text.Length && text[i] == '-') i++;
        int digits = i;
        i = SkipDigits(text, i);
        if (i == digits || (text[digits] == '0' && i > digits + 1)) return -(i == digits ? i : digits + 1);
        if (i < text.Length && text[i] == '.')
        {
            digits = i + 1;
            i = SkipDigits(text, digits);
            if (i == digits) return -i;
        }

        if (i >= text.Length || (text[i] | 0x20) != 'e') return i;
        digits = i + 1;
        if (digits < text.Length && text[digits] is (byte)'+' or (byte)'-') digits++;
        i = SkipDigits(text, digits);
        return i == digits ? -i : i;
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) at++;
        return at;
    }

    /// <summary>The position after <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    /// <exception cref="JsSyntaxException">The text there is another word.</exception>
    public static int SkipWord(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> word = text[at] switch
        {
            (byte)'t' => "true"u8,
            (byte)'f' => "false"u8,
            (byte)'n' => "null"u8,
            _ => default,
        };
        if (word.IsEmpty || !text[at..].StartsWith(word)) throw JsSyntaxException.Expected("a value", text, at);
        return at + word.Length;
    }
}
