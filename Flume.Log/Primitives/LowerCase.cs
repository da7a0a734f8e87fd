using System.Globalization;
using System.Text;

namespace Flume.Log.Primitives;

/// <summary>
/// JavaScript's <c>toLowerCase</c>. Unlike .NET's, it handles the two letters that need more than a table.
/// </summary>
internal static class LowerCase
{
    /// <summary>A text in lower case.</summary>
    internal static string Of(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        StringBuilder lower = new(text.Length + 1);
        for (int i = 0; i < text.Length; i++) Append(lower, text, i);
        return lower.ToString();
    }

    /// <summary>
    /// Appends the lower case of the unit at a position in a text. The result does not depend on the text's encoding.
    /// </summary>
    internal static void Append(StringBuilder lower, ReadOnlySpan<char> text, int at)
    {
        char unit = text[at];
        if (unit < 0x80) lower.Append(char.ToLowerInvariant(unit));
        else if (unit == '\u0130') lower.Append("i\u0307");
        else if (unit == '\u03a3') lower.Append(IsFinal(text, at) ? '\u03c2' : '\u03c3');
        else if (char.IsHighSurrogate(unit) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            lower.Append(Rune.ToLowerInvariant(new Rune(unit, text[at + 1])).ToString()[0]);
        else if (char.IsLowSurrogate(unit) && at > 0 && char.IsHighSurrogate(text[at - 1]))
            lower.Append(Rune.ToLowerInvariant(new Rune(text[at - 1], unit)).ToString()[1]);
        else lower.Append(char.ToLowerInvariant(unit));
    }

    /// <summary>A capital sigma becomes a final sigma after a cased letter, if no cased letter follows.</summary>
    private static bool IsFinal(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> before = text[..at], after = text[(at + 1)..];
        bool follows = false, precedes = false;
        while (!follows && !before.IsEmpty)
        {
            Rune.DecodeLastFromUtf16(before, out Rune rune, out int length);
            before = before[..^length];
            if (IsIgnorable(rune)) continue;
            if (!HasCase(rune)) return false;
            follows = true;
        }

        while (!precedes && !after.IsEmpty)
        {
            Rune.DecodeFromUtf16(after, out Rune rune, out int length);
            after = after[length..];
            if (IsIgnorable(rune)) continue;
            if (!HasCase(rune)) break;
            precedes = true;
        }

        return follows && !precedes;
    }

    // Roman numerals and circled letters have case but are not letters.
    private static bool HasCase(Rune rune) => rune.Value is (>= 0x2160 and <= 0x217f) or (>= 0x24b6 and <= 0x24e9)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xb7 or 0x2018 or 0x2019
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
