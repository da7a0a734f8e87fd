namespace Flume.Query.Json;

/// <summary>The position of one value in its text.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The position after its last byte.</param>
/// <param name="Escaped">True for a string with escapes.</param>
internal readonly record struct JsSlice(int Start, int End, bool Escaped)
{
    /// <summary>
    /// Finds the value at <paramref name="at"/>, without a check of the inside of objects and arrays.
    /// </summary>
    /// <exception cref="JsSyntaxException">There is no value, or it does not end.</exception>
    public static JsSlice At(ReadOnlySpan<byte> utf8, int at)
    {
        if (at >= utf8.Length) throw JsSyntaxException.Expected("a value", utf8, at);
        switch (utf8[at])
        {
            case (byte)'"':
                int end = JsScanner.SkipString(utf8, at, out bool escaped);
                return new JsSlice(at, end, escaped);
            case (byte)'{' or (byte)'[':
                return new JsSlice(at, JsScanner.SkipContainer(utf8, at), false);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return new JsSlice(at, JsScanner.SkipNumber(utf8, at), false);
            default:
                return new JsSlice(at, JsScanner.SkipWord(utf8, at), false);
        }
    }

    /// <summary>The value, as a reference into the text.</summary>
    public JsValue In(JsText text)
    {
        switch (text.Utf8.Span[Start])
        {
            case (byte)'"': return JsValue.Within(JsKind.String, text, (Start + 1, End - Start - 2), Escaped);
            case (byte)'{': return JsValue.From(new JsObject(text, Start, End - Start));
            case (byte)'[': return JsValue.From(new JsArray(text, Start, End - Start));
            case (byte)'t': return JsValue.True;
            case (byte)'f': return JsValue.False;
            case (byte)'n': return JsValue.Null;
            default: return JsValue.Within(JsKind.Number, text, (Start, End - Start));
        }
    }
}
