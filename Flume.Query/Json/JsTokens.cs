using System.Collections;

namespace Flume.Query.Json;

/// <summary>Validates every byte of a JSON text and reports the first error.</summary>
internal static class JsTokens
{
    /// <summary>
    /// The maximum nesting depth. Lazy values scan a byte once per level above it, so without a limit a text of a few
    /// megabytes could take minutes. A message of 8192 units nests at most half as deep.
    /// </summary>
    public const int DepthMax = 10_000;

    /// <summary>Checks that the text is one JSON value, by the rules of JavaScript's <c>JSON.parse</c>.</summary>
    /// <exception cref="JsSyntaxException">The text is invalid.</exception>
    public static void Check(ReadOnlySpan<byte> text)
    {
        var isObject = new BitArray(64);
        int depth = 0;
        int at = JsScanner.SkipSpace(text, 0);
        while (true)
        {
            bool opened = Value(text, ref at);
            if (opened)
            {
                if (depth == DepthMax) throw new JsSyntaxException($"Nesting is deeper than {DepthMax}", at - 1);
                if (depth == isObject.Length) isObject.Length *= 2;
                isObject[depth++] = text[at - 1] == '{';
                at = JsScanner.SkipSpace(text, at);
                if (at >= text.Length || text[at] != (isObject[depth - 1] ? '}' : ']'))
                {
                    if (isObject[depth - 1]) Name(text, ref at);
                    continue;
                }
            }

            if (!Next(text, ref at, isObject, ref depth)) return;
        }
    }

    /// <summary>Closes the levels that end here and moves to the next value; false at the end of the text.</summary>
    private static bool Next(ReadOnlySpan<byte> text, ref int at, BitArray isObject, ref int depth)
    {
        while (true)
        {
            at = JsScanner.SkipSpace(text, at);
            if (depth == 0)
                return at == text.Length ? false : throw JsSyntaxException.Expected("the end of the text", text, at);
            bool inObject = isObject[depth - 1];
            char close = inObject ? '}' : ']';
            if (at < text.Length && text[at] == close)
            {
                depth--;
                at++;
                continue;
            }

            if (at >= text.Length || text[at] != ',') throw JsSyntaxException.Expected($"',' or '{close}'", text, at);
            at = JsScanner.SkipSpace(text, at + 1);
            if (inObject) Name(text, ref at);
            return true;
        }
    }

    private static void Name(ReadOnlySpan<byte> text, ref int at)
    {
        if (at >= text.Length || text[at] != '"') throw JsSyntaxException.Expected("'\"' before a name", text, at);
        String(text, ref at);
        at = JsScanner.SkipSpace(text, at);
        if (at >= text.Length || text[at] != ':') throw JsSyntaxException.Expected("':' behind a name", text, at);
        at = JsScanner.SkipSpace(text, at + 1);
    }

    /// <summary>
    /// Moves past a scalar, or past the opening bracket of an object or array, and returns true for a bracket.
    /// </summary>
    private static bool Value(ReadOnlySpan<byte> text, ref int at)
    {
        if (at >= text.Length) throw JsSyntaxException.Expected("a value", text, at);
        switch (text[at])
        {
            case (byte)'"': String(text, ref at); return false;
            case (byte)'{' or (byte)'[': at++; return true;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): at = JsScanner.SkipNumber(text, at); return false;
            default: at = JsScanner.SkipWord(text, at); return false;
        }
    }

    private static void String(ReadOnlySpan<byte> text, ref int at)
    {
        int start = at + 1;
        at = JsScanner.SkipString(text, at, out bool escaped);
        JsString.Check(text[start..(at - 1)], escaped, start);
    }
}
