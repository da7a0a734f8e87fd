namespace Flume.Codec.Json;

/// <summary>Reads one level of a JSON text: the members of an object, the items of an array.</summary>
internal static class JsParser
{
    /// <summary>The text as one value.</summary>
    /// <exception cref="JsSyntaxException">Something else stands before, behind or instead of it.</exception>
    public static JsValue Parse(JsText text)
    {
        ReadOnlySpan<byte> utf8 = text.Utf8.Span;
        int start = JsScanner.SkipSpace(utf8, 0), end = utf8.Length;
        while (end > start && JsScanner.IsSpace(utf8[end - 1])) end--;
        byte first = start < end ? utf8[start] : (byte)0;
        if (first is (byte)'{' or (byte)'[')
        {
            byte close = (byte)(first + 2);
            if (utf8[end - 1] != close || end - start < 2)
                throw JsSyntaxException.Expected($"'{(char)close}' as the last byte", utf8, end - 1);
            return Container(text, start, end - start);
        }

        int at = start;
        JsValue value = Value(text, utf8, ref at);
        return at == end ? value : throw JsSyntaxException.Expected("the end of the text", utf8, at);
    }

    /// <summary>The members of the object at <paramref name="start"/>, each pointing into the text.</summary>
    /// <exception cref="JsSyntaxException">The object is not written as JSON writes it.</exception>
    public static JsMembers Members(JsText text, int start, int length)
    {
        ReadOnlySpan<byte> utf8 = text.Utf8.Span[..(start + length)];
        var members = new JsMembers(text);
        int at = JsScanner.SkipSpace(utf8, start + 1);
        if (Is(utf8, at, '}')) return Ended(utf8, at, members);
        while (true)
        {
            if (!Is(utf8, at, '"')) throw JsSyntaxException.Expected("'\"' before a member's name", utf8, at);
            int name = at + 1;
            at = JsScanner.SkipString(utf8, at, out bool escaped);
            int nameLength = at - 1 - name;
            at = JsScanner.SkipSpace(utf8, at);
            if (!Is(utf8, at, ':')) throw JsSyntaxException.Expected("':' behind a member's name", utf8, at);
            at = JsScanner.SkipSpace(utf8, at + 1);
            members.AddParsed((name, nameLength), escaped, Value(text, utf8, ref at));
            at = JsScanner.SkipSpace(utf8, at);
            if (Is(utf8, at, '}')) return Ended(utf8, at, members);
            if (!Is(utf8, at, ',')) throw JsSyntaxException.Expected("',' or '}' behind a member", utf8, at);
            at = JsScanner.SkipSpace(utf8, at + 1);
        }
    }

    /// <summary>The items of the array at <paramref name="start"/>, each pointing into the text.</summary>
    /// <exception cref="JsSyntaxException">The array is not written as JSON writes it.</exception>
    public static List<JsValue> Items(JsText text, int start, int length)
    {
        ReadOnlySpan<byte> utf8 = text.Utf8.Span[..(start + length)];
        var items = new List<JsValue>();
        int at = JsScanner.SkipSpace(utf8, start + 1);
        if (Is(utf8, at, ']')) return Ended(utf8, at, items);
        while (true)
        {
            items.Add(Value(text, utf8, ref at));
            at = JsScanner.SkipSpace(utf8, at);
            if (Is(utf8, at, ']')) return Ended(utf8, at, items);
            if (!Is(utf8, at, ',')) throw JsSyntaxException.Expected("',' or ']' behind an item", utf8, at);
            at = JsScanner.SkipSpace(utf8, at + 1);
        }
    }

    private static T Ended<T>(ReadOnlySpan<byte> utf8, int at, T result) =>
        at == utf8.Length - 1 ? result : throw JsSyntaxException.Expected("the end of the value", utf8, at + 1);

    private static bool Is(ReadOnlySpan<byte> utf8, int at, char wanted) =>
        (uint)at < (uint)utf8.Length && utf8[at] == wanted;

    private static JsValue Container(JsText text, int start, int length) =>
        text.Utf8.Span[start] == '{'
            ? JsValue.From(new JsObject(text, start, length))
            : JsValue.From(new JsArray(text, start, length));

    /// <summary>The value at <paramref name="at"/>, which moves behind it.</summary>
    private static JsValue Value(JsText text, ReadOnlySpan<byte> utf8, ref int at)
    {
        int start = at;
        if (at >= utf8.Length) throw JsSyntaxException.Expected("a value", utf8, at);
        switch (utf8[at])
        {
            case (byte)'"':
                at = JsScanner.SkipString(utf8, at, out bool escaped);
                return JsValue.Within(JsKind.String, text, (start + 1, at - start - 2), escaped);
            case (byte)'{' or (byte)'[':
                at = JsScanner.SkipContainer(utf8, at);
                return Container(text, start, at - start);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                at = JsScanner.SkipNumber(utf8, at);
                return JsValue.Within(JsKind.Number, text, (start, at - start));
            default:
                at = JsScanner.SkipWord(utf8, at);
                return utf8[start] switch
                {
                    (byte)'t' => JsValue.True,
                    (byte)'f' => JsValue.False,
                    _ => JsValue.Null,
                };
        }
    }
}
