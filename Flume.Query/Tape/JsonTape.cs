using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Flume.Query.Json;

namespace Flume.Query.Tape;

/// <summary>
/// One parsed JSON text as a flat list of values in document order; reused for many texts.
/// </summary>
/// <remarks>
/// 1. Token 0 is the whole value. The tokens of a subtree follow their container, and a container stores the index of
/// the token after it.
/// 2. The tape copies the text, so the caller may change or unmap its own; spans of the copy are valid until the next
/// parse.
/// 3. Parsing never throws, and allocates only for texts larger than all earlier ones.
/// 4. Accepts the texts of JavaScript's JSON.parse that nest at most <see cref="JsTokens.DepthMax"/> deep. Duplicate
/// members are all on the tape.
/// Not thread-safe.
/// </remarks>
public sealed class JsonTape
{
    private readonly QuoteIndex _quotes = new();
    private byte[] _text = [];
    private byte[] _arena = [];
    private int _arenaUsed;
    private int _length;
    private bool _isUtf8;

    /// <summary>The last parsed text.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>The last parsed text, valid until the next parse.</summary>
    public ReadOnlyMemory<byte> Memory => _text.AsMemory(0, _length);

    /// <summary>The number of values in the text; 0 if it was not JSON.</summary>
    public int Count { get; private set; }

    /// <summary>The whole value; undefined if the text was not JSON.</summary>
    public TapeValue Root => new(this, Count > 0 ? 0 : -1);

    /// <summary>A value by its index on the tape, 0 to <see cref="Count"/>-1.</summary>
    public TapeValue this[int index] => new(this, index);

    internal TapeToken[] Tokens { get; private set; } = new TapeToken[32];

    /// <summary>Parses a text. False if it is not one JSON value; the tape is empty then.</summary>
    public bool TryParse(ReadOnlySpan<byte> utf8)
    {
        if (_text.Length < utf8.Length + JsonBlock.Size) _text = new byte[(utf8.Length * 2) + JsonBlock.Size];
        utf8.CopyTo(_text);
        return TryParseBuffer(utf8.Length);
    }

    /// <summary>
    /// The buffer for a text of <paramref name="length"/> bytes that <see cref="TryParseBuffer"/> then parses.
    /// </summary>
    internal Span<byte> Buffer(int length)
    {
        if (_text.Length < length + JsonBlock.Size) _text = new byte[(length * 2) + JsonBlock.Size];
        return _text.AsSpan(0, length);
    }

    /// <summary>Parses the content of <see cref="Buffer"/>.</summary>
    internal bool TryParseBuffer(int length)
    {
        _length = length;
        _arenaUsed = 0;
        _text.AsSpan(length, JsonBlock.Size).Clear();
        _isUtf8 = Utf8.IsValid(Text);
        Count = 0;
        int count = _quotes.Build(_text, length) ? Walk() : 0;
        if (count > 0 && !_isUtf8) MarkInvalid(count);
        Count = count;
        return count > 0;
    }

    /// <summary>The string's UTF-8; unescaped once and then cached.</summary>
    internal ReadOnlySpan<byte> Unescaped(ref TapeToken token)
    {
        if (token.Link == 0) token.Link = ~Unescape(token.Start, token.Length);
        return InArena(~token.Link);
    }

    /// <summary>True for a member of this name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool NameIs(in TapeToken token, ReadOnlySpan<byte> name) =>
        (token.Flags & TapeFlags.NameEscaped) != 0 ? Unescaped(token.NameStart, token.NameLength).SequenceEqual(name)
        : token.NameLength == name.Length && _text.AsSpan(token.NameStart, name.Length).SequenceEqual(name);

    /// <summary>A name's UTF-8, unescaped at each call.</summary>
    internal ReadOnlySpan<byte> Unescaped(int start, int length) => InArena(Unescape(start, length));

    /// <summary>Appends a string's UTF-8, with its length before it, to the arena; returns its position.</summary>
    private int Unescape(int start, int length)
    {
        int at = _arenaUsed, most = at + sizeof(int) + (length * 3);
        if (_arena.Length < most) Array.Resize(ref _arena, most * 2);
        int written = JsString.ToUtf8(_text.AsSpan(start, length), _arena.AsSpan(at + sizeof(int)), _isUtf8);
        BitConverter.TryWriteBytes(_arena.AsSpan(at), written);
        _arenaUsed = at + sizeof(int) + written;
        return at;
    }

    private ReadOnlySpan<byte> InArena(int at) => _arena.AsSpan(at + sizeof(int), BitConverter.ToInt32(_arena, at));

    /// <summary>
    /// Parses the text with the index of its quotes; returns the number of tokens, 0 if it is not JSON.
    /// </summary>
    private int Walk()
    {
        byte[] text = _text;
        Cursor cursor = new() { Parent = -1, NameLength = -1, At = SkipSpace(text, 0) };
        while (true)
        {
            if (cursor.Count == Tokens.Length) Grow();
            ref TapeToken token = ref Tokens[cursor.Count];
            token = new TapeToken
            {
                Start = cursor.At,
                NameStart = cursor.NameStart,
                NameLength = cursor.NameLength,
                Depth = cursor.Depth,
            };
            if (cursor.NameLength >= 0 && !MarkName(ref token)) return 0;
            byte first = text[cursor.At];
            if (first is (byte)'{' or (byte)'[')
            {
                Open(ref token, ref cursor);
                if (cursor.Depth > JsTokens.DepthMax) return 0;
                if (text[cursor.At] != first + 2)
                {
                    if (first == '{' && !Name(text, ref cursor)) return 0;
                    continue;
                }
            }
            else if (!Scalar(ref token, ref cursor)) return 0;

            if (!Behind(text, ref cursor)) return cursor.Parent < 0 && cursor.At == _length ? cursor.Count : 0;
        }
    }

    /// <summary>
    /// Closes the levels that end after a value and moves to the next value; false at the end or at an error.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Behind(byte[] text, ref Cursor cursor)
    {
        while (true)
        {
            int at = cursor.At = SkipSpace(text, cursor.At);
            if (cursor.Parent < 0) return false;
            ref TapeToken parent = ref Tokens[cursor.Parent];
            bool inObject = parent.Kind == JsKind.Object;
            if (text[at] == ',')
            {
                cursor.At = SkipSpace(text, at + 1);
                cursor.NameLength = -1;
                return !inObject || Name(text, ref cursor);
            }

            if (text[at] != (inObject ? '}' : ']')) return false;
            cursor.At = at + 1;
            cursor.Parent = parent.Link;
            cursor.Depth--;
            parent.Link = cursor.Count;
            parent.Length = at + 1 - parent.Start;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Open(ref TapeToken token, ref Cursor cursor)
    {
        token.Kind = _text[cursor.At] == '{' ? JsKind.Object : JsKind.Array;
        token.Link = cursor.Parent;
        cursor.Parent = cursor.Count++;
        cursor.NameLength = -1;
        cursor.Depth++;
        cursor.At = SkipSpace(_text, cursor.At + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipSpace(byte[] text, int at)
    {
        while (JsScanner.IsSpace(text[at])) at++;
        return at;
    }

    /// <summary>Moves from a member's name to its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Name(byte[] text, ref Cursor cursor)
    {
        if (text[cursor.At] != '"') return false;
        int end = _quotes.Positions[cursor.Quote + 1];
        cursor.NameStart = cursor.At + 1;
        cursor.NameLength = end - cursor.NameStart;
        cursor.Quote += 2;
        int at = SkipSpace(text, end + 1);
        cursor.At = SkipSpace(text, at + 1);
        return text[at] == ':';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Scalar(ref TapeToken token, ref Cursor cursor)
    {
        cursor.Count++;
        if (_text[cursor.At] != '"') return NumberOrWord(ref token, ref cursor.At);
        int start = cursor.At + 1, end = _quotes.Positions[cursor.Quote + 1];
        cursor.Quote += 2;
        cursor.At = end + 1;
        token.Kind = JsKind.String;
        token.Start = start;
        token.Length = end - start;
        if (!_quotes.HasEscape(start, end)) return true;
        token.Flags |= TapeFlags.Escaped;
        return JsString.AreEscapesValid(_text.AsSpan(start, end - start));
    }

    private bool NumberOrWord(ref TapeToken token, ref int at)
    {
        int start = at;
        ReadOnlySpan<byte> text = Text;
        token.Kind = JsKind.Boolean;
        if (_text[at] == 't') at = Word("true"u8, at);
        else if (_text[at] == 'f') at = Word("false"u8, at);
        else if (_text[at] == 'n') at = Word("null"u8, at);
        else
        {
            at = JsScanner.NumberEnd(text, at);
            token.Kind = JsKind.Number;
        }

        if (at <= 0) return false;
        token.Length = at - start;
        if (_text[start] == 't') token.Flags |= TapeFlags.True;
        if (_text[start] == 'n') token.Kind = JsKind.Null;
        return true;
    }

    private int Word(ReadOnlySpan<byte> word, int at) => Text[at..].StartsWith(word) ? at + word.Length : -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MarkName(ref TapeToken token)
    {
        if (!_quotes.HasEscape(token.NameStart, token.NameStart + token.NameLength)) return true;
        token.Flags |= TapeFlags.NameEscaped;
        return JsString.AreEscapesValid(_text.AsSpan(token.NameStart, token.NameLength));
    }

    /// <summary>
    /// In a text that is not valid UTF-8, strings and names with such bytes are handled like escapes.
    /// </summary>
    private void MarkInvalid(int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref TapeToken token = ref Tokens[i];
            if (token.Kind == JsKind.String && !Utf8.IsValid(_text.AsSpan(token.Start, token.Length)))
                token.Flags |= TapeFlags.Escaped;
            if (token.NameLength > 0 && !Utf8.IsValid(_text.AsSpan(token.NameStart, token.NameLength)))
                token.Flags |= TapeFlags.NameEscaped;
        }
    }

    private void Grow()
    {
        TapeToken[] tokens = Tokens;
        Array.Resize(ref tokens, tokens.Length * 2);
        Tokens = tokens;
    }

    /// <summary>The parser's position: the next value's position, name and container.</summary>
    private struct Cursor
    {
        public int At;
        public int Count;
        public int Quote;
        public int Parent;
        public int Depth;
        public int NameStart;
        public int NameLength;
    }
}
