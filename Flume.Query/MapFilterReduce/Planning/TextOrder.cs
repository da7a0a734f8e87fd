using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// Ranges of texts in index order (UTF-8 bytes) for operators (UTF-16 units).
/// </summary>
/// <remarks>
/// The orders differ for surrogates against U+E000 and above; such a range is shortened and thereby becomes a superset.
/// </remarks>
internal static class TextOrder
{
    private const char FirstSurrogate = '\uD800';

    private static readonly JsValue AboveTexts = JsValue.From(new JsArray());

    /// <summary>
    /// The texts that start with <paramref name="prefix"/>; a superset if the prefix ends in half a surrogate pair.
    /// </summary>
    public static KeyInterval StartingWith(string prefix, out bool isExact)
    {
        int whole = 0;
        foreach (Rune rune in prefix.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && prefix[whole] != '\uFFFD') break;
            whole += rune.Utf16SequenceLength;
        }

        isExact = whole == prefix.Length;
        return Starting(prefix[..whole]);
    }

    /// <summary>A superset of the texts with this relation to <paramref name="text"/>.</summary>
    public static KeyInterval Related(Relation relation, string text)
    {
        int same = text.AsSpan().IndexOfAnyInRange(FirstSurrogate, char.MaxValue);
        KeyInterval all = Starting("");
        if (same < 0) return OperatorKeys.Side(relation, all, JsValue.From(text));
        KeyInterval cut = Starting(text[..same]);
        return relation is Relation.Less or Relation.LessOrEqual
            ? all with { Upper = cut.Upper, UpperInclusive = false }
            : all with { Lower = cut.Lower };
    }

    private static KeyInterval Starting(string prefix) => new(JsValue.From(prefix), true, After(prefix), false);

    /// <summary>The least key above every text with this prefix.</summary>
    private static JsValue After(string prefix)
    {
        for (int end = prefix.Length; end > 0;)
        {
            Rune.DecodeLastFromUtf16(prefix.AsSpan(0, end), out Rune last, out int length);
            end -= length;
            if (last.Value == 0x10FFFF) continue;
            var next = new Rune(last.Value == 0xD7FF ? 0xE000 : last.Value + 1);
            return JsValue.From(prefix[..end] + next.ToString());
        }

        return AboveTexts;
    }
}
