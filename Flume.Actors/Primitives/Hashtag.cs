using System.Globalization;
using System.Text;

namespace Flume.Primitives;

/// <summary>Hashtags and channel names as npm ssb-ref normalises them (spec.md 3.3).</summary>
public static class Hashtag
{
    private const int LengthMax = 30;

    /// <summary>True for <c>#</c> and 1 to 28 units behind it without white space or another <c>#</c>.</summary>
    public static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or >= LengthMax || text[0] != '#') return false;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '#' || IsSpace(text[i])) return false;
        }

        return true;
    }

    /// <summary>
    /// The name in lower case, without white space and the punctuation <c>, . ? ! &lt; &gt; ( ) [ ] " #</c>, cut to 30
    /// units; null when nothing is left.
    /// </summary>
    public static string? Normalize(ReadOnlySpan<char> name)
    {
        var kept = new StringBuilder(Math.Min(name.Length, LengthMax));
        for (int i = 0; i < name.Length && kept.Length < LengthMax; i++)
        {
            char unit = name[i];
            if (IsSpace(unit) || ",.?!<>()[]\"#".Contains(unit, StringComparison.Ordinal)) continue;
            AppendLower(kept, name, i);
        }

        return kept.Length == 0 ? null : kept.ToString(0, Math.Min(kept.Length, LengthMax));
    }

    /// <summary>What JavaScript's <c>\s</c> matches.</summary>
    public static bool IsSpace(char unit) => unit switch
    {
        <= ' ' => unit is ' ' or (>= '\t' and <= '\r'),
        < '\u1680' => unit == '\u00a0',
        _ => unit is '\u1680' or (>= '\u2000' and <= '\u200a') or '\u2028' or '\u2029' or '\u202f' or '\u205f'
            or '\u3000' or '\ufeff',
    };

    /// <summary>
    /// JavaScript's <c>toLowerCase</c> of one unit: unlike .NET's it knows the two cases that need more.
    /// </summary>
    private static void AppendLower(StringBuilder kept, ReadOnlySpan<char> name, int at)
    {
        char unit = name[at];
        if (unit < 0x80) kept.Append(char.ToLowerInvariant(unit));
        else if (unit == '\u0130') kept.Append("i\u0307");
        else if (unit == '\u03a3') kept.Append(IsFinal(name, at) ? '\u03c2' : '\u03c3');
        else if (char.IsHighSurrogate(unit) && at + 1 < name.Length && char.IsLowSurrogate(name[at + 1]))
            kept.Append(Rune.ToLowerInvariant(new Rune(unit, name[at + 1])).ToString()[0]);
        else if (char.IsLowSurrogate(unit) && at > 0 && char.IsHighSurrogate(name[at - 1]))
            kept.Append(Rune.ToLowerInvariant(new Rune(name[at - 1], unit)).ToString()[1]);
        else kept.Append(char.ToLowerInvariant(unit));
    }

    /// <summary>A capital sigma becomes the final one behind a letter that has case, when none follows.</summary>
    private static bool IsFinal(ReadOnlySpan<char> name, int at)
    {
        ReadOnlySpan<char> before = name[..at], after = name[(at + 1)..];
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

    // Roman numerals and circled letters have case without being letters.
    private static bool HasCase(Rune rune) => rune.Value is (>= 0x2160 and <= 0x217f) or (>= 0x24b6 and <= 0x24e9)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xb7 or 0x2018 or 0x2019
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
