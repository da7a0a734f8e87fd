namespace Flume.Query.Json;

/// <summary>Parses one level of a JSON text: the members of an object, the items of an array.</summary>
internal static class JsParser
{
    /// <summary>Parses the text as one value.</summary>
    /// <exception cref="JsSyntaxException">The text is not exactly one value.</exception>
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
            return new JsSlice(start, end, false).In(text);
        }

        JsSlice value = JsSlice.At(utf8, start);
        if (value.End != end) throw JsSyntaxException.Expected("the end of the text", utf8, value.End);
        return value.In(text);
    }

    /// <summary>The members of the object at <paramref name="start"/>, as references into the text.</summary>
    /// <exception cref="JsSyntaxException">The object is not valid JSON.</exception>
    public static JsMembers Members(JsText text, int start, int length)
    {
        var members = new JsMembers(text);
        var scan = new JsMemberScan(text.Utf8.Span, start, length);
        while (scan.Next()) members.AddParsed(scan.Name, scan.NameEscaped, scan.Value.In(text));
        return members;
    }

    /// <summary>
    /// Finds one member of the object at <paramref name="of"/> without a table of all. False if a name can't be
    /// compared with <paramref name="name"/> byte by byte, so that the table must decide.
    /// </summary>
    /// <exception cref="JsSyntaxException">The object is not valid JSON.</exception>
    public static bool TryFind(JsText text, (int Start, int Length) of, ReadOnlySpan<byte> name, out JsValue value)
    {
        var scan = new JsMemberScan(text.Utf8.Span, of.Start, of.Length);
        JsSlice found = default;
        value = default;
        while (scan.Next())
        {
            if (scan.NameEscaped) return false;
            if (scan.NameUtf8.SequenceEqual(name)) found = scan.Value;
        }

        if (found.End > 0) value = found.In(text);
        return true;
    }

    /// <summary>The items of the array at <paramref name="start"/>, as references into the text.</summary>
    /// <exception cref="JsSyntaxException">The array is not valid JSON.</exception>
    public static List<JsValue> Items(JsText text, int start, int length)
    {
        ReadOnlySpan<byte> utf8 = text.Utf8.Span[..(start + length)];
        var items = new List<JsValue>();
        int at = JsScanner.SkipSpace(utf8, start + 1);
        while (items.Count > 0 || !Is(utf8, at, ']'))
        {
            JsSlice item = JsSlice.At(utf8, at);
            items.Add(item.In(text));
            at = JsScanner.SkipSpace(utf8, item.End);
            if (Is(utf8, at, ']')) break;
            if (!Is(utf8, at, ',')) throw JsSyntaxException.Expected("',' or ']' behind an item", utf8, at);
            at = JsScanner.SkipSpace(utf8, at + 1);
        }

        return at == utf8.Length - 1 ? items : throw JsSyntaxException.Expected("the end of the value", utf8, at + 1);
    }

    private static bool Is(ReadOnlySpan<byte> utf8, int at, char wanted) =>
        (uint)at < (uint)utf8.Length && utf8[at] == wanted;
}
