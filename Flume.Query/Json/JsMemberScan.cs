namespace Flume.Query.Json;

/// <summary>Iterates over the members of one object in its text, without allocations.</summary>
internal ref struct JsMemberScan
{
    private readonly ReadOnlySpan<byte> _utf8;
    private int _at;
    private bool _first = true;

    /// <summary>
    /// Iterates over the object at <paramref name="start"/>; its brackets end it after <paramref name="length"/> bytes.
    /// bytes.
    /// </summary>
    public JsMemberScan(ReadOnlySpan<byte> utf8, int start, int length)
    {
        _utf8 = utf8[..(start + length)];
        _at = start + 1;
    }

    /// <summary>The position of the current name, inside its quotes.</summary>
    public (int Start, int Length) Name { get; private set; }

    /// <summary>The bytes of the current name.</summary>
    public readonly ReadOnlySpan<byte> NameUtf8 => _utf8.Slice(Name.Start, Name.Length);

    /// <summary>True when the current name has escapes.</summary>
    public bool NameEscaped { get; private set; }

    /// <summary>The current value.</summary>
    public JsSlice Value { get; private set; }

    /// <summary>Moves to the next member; false after the last one.</summary>
    /// <exception cref="JsSyntaxException">The object is not valid JSON.</exception>
    public bool Next()
    {
        int at = JsScanner.SkipSpace(_utf8, _at);
        if (Is(at, '}')) return at < _utf8.Length - 1 && Fail("the end of the value", at + 1) > 0;
        if (!_first) at = JsScanner.SkipSpace(_utf8, Is(at, ',') ? at + 1 : Fail("',' or '}' behind a member", at));
        if (!Is(at, '"')) Fail("'\"' before a member's name", at);
        int name = at + 1;
        at = JsScanner.SkipString(_utf8, at, out bool escaped);
        Name = (name, at - 1 - name);
        NameEscaped = escaped;
        at = JsScanner.SkipSpace(_utf8, at);
        if (!Is(at, ':')) Fail("':' behind a member's name", at);
        Value = JsSlice.At(_utf8, JsScanner.SkipSpace(_utf8, at + 1));
        _at = Value.End;
        _first = false;
        return true;
    }

    private readonly bool Is(int at, char wanted) => (uint)at < (uint)_utf8.Length && _utf8[at] == wanted;

    private readonly int Fail(string expected, int at) => throw JsSyntaxException.Expected(expected, _utf8, at);
}
