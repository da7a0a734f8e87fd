using System.Runtime.CompilerServices;
using Flume.Query.Json;

namespace Flume.Query.Tape;

/// <summary>One value on a tape, read in place; valid until the tape parses another text.</summary>
public readonly struct TapeValue
{
    private readonly JsonTape? _tape;
    private readonly int _index;

    internal TapeValue(JsonTape? tape, int index)
    {
        _tape = index < 0 ? null : tape;
        _index = index;
    }

    /// <summary>The kind of this value; undefined for <c>default</c>.</summary>
    public JsKind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _tape is null ? JsKind.Undefined : Token.Kind;
    }

    /// <summary>True for undefined.</summary>
    public bool IsUndefined => _tape is null;

    /// <summary>True for strings.</summary>
    public bool IsString => Kind == JsKind.String;

    /// <summary>True for numbers.</summary>
    public bool IsNumber => Kind == JsKind.Number;

    /// <summary>True for <c>true</c>.</summary>
    public bool IsTrue => Kind == JsKind.Boolean && (Token.Flags & TapeFlags.True) != 0;

    /// <summary>JavaScript's truthiness.</summary>
    public bool IsTruthy => Kind switch
    {
        JsKind.Boolean => IsTrue,
        JsKind.Number => Number != 0,
        JsKind.String => Token.Length > 0,
        _ => Kind >= JsKind.Array,
    };

    /// <summary>The index on the tape; -1 if there is no value.</summary>
    public int Index => _tape is null ? -1 : _index;

    /// <summary>The index of the first value after this one's subtree.</summary>
    public int Next => Kind >= JsKind.Array ? Token.Link : _index + 1;

    /// <summary>The number of objects and arrays around this value.</summary>
    public int Depth => Token.Depth;

    /// <summary>The string's UTF-8, unescaped; empty for other kinds.</summary>
    public ReadOnlySpan<byte> Utf8
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (Kind != JsKind.String) return default;
            ref TapeToken token = ref Token;
            return (token.Flags & TapeFlags.Escaped) != 0 ? _tape!.Unescaped(ref token)
                : _tape!.Text.Slice(token.Start, token.Length);
        }
    }

    /// <summary>The number; NaN for other kinds.</summary>
    public double Number => Kind == JsKind.Number ? JsNumber.Read(Raw) : double.NaN;

    /// <summary>The value's raw bytes; for a string, those between the quotes.</summary>
    public ReadOnlySpan<byte> Raw => _tape is null ? default : _tape.Text.Slice(Token.Start, Token.Length);

    /// <summary>True if <see cref="NameUtf8"/> is a member's name.</summary>
    public bool IsMember => _tape is not null && Token.NameLength >= 0;

    /// <summary>The member's name, unescaped; empty if the value is not a member.</summary>
    public ReadOnlySpan<byte> NameUtf8
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!IsMember) return default;
            ref TapeToken token = ref Token;
            return (token.Flags & TapeFlags.NameEscaped) != 0 ? _tape!.Unescaped(token.NameStart, token.NameLength)
                : _tape!.Text.Slice(token.NameStart, token.NameLength);
        }
    }

    /// <summary>The member with this name; the last of several, as in JavaScript. Undefined if there is none.</summary>
    public TapeValue this[ReadOnlySpan<byte> name]
    {
        get
        {
            if (Kind != JsKind.Object) return default;
            int found = -1;
            TapeToken[] tokens = _tape!.Tokens;
            for (int i = _index + 1, end = tokens[_index].Link; i < end;)
            {
                ref TapeToken member = ref tokens[i];
                if (_tape.NameIs(member, name)) found = i;
                i = member.Kind >= JsKind.Array ? member.Link : i + 1;
            }

            return new TapeValue(_tape, found);
        }
    }

    /// <summary>The members or items, in document order; duplicate members are all included.</summary>
    public Children GetEnumerator() => new(this);

    /// <summary>True for a string of exactly these bytes.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => Kind == JsKind.String && Utf8.SequenceEqual(utf8);

    /// <summary>True for a member of this name.</summary>
    public bool NameIs(ReadOnlySpan<byte> name) => _tape is not null && _tape.NameIs(Token, name);

    /// <summary>Another value on the same tape, by its place there.</summary>
    public TapeValue On(int index) => new(_tape, index);

    /// <summary>The tape's tokens; empty if there is no value.</summary>
    internal ReadOnlySpan<TapeToken> Tokens => _tape is null ? default : _tape.Tokens;

    /// <summary>The same value with its own copy of the text, for long-lived use.</summary>
    public JsValue ToJsValue()
    {
        if (_tape is null) return JsValue.Undefined;
        ref TapeToken token = ref Token;
        int quote = Kind == JsKind.String ? 1 : 0;
        return JsValue.Parse(_tape.Text.Slice(token.Start - quote, token.Length + (2 * quote)).ToArray());
    }

    /// <summary>
    /// The same value for long-lived use, over <paramref name="text"/>: the parsed text, which must not change.
    /// </summary>
    internal JsValue Within(JsText text)
    {
        if (_tape is null) return JsValue.Undefined;
        ref TapeToken token = ref Token;
        return token.Kind switch
        {
            JsKind.Null => JsValue.Null,
            JsKind.Boolean => JsValue.From(IsTrue),
            JsKind.Number => JsValue.From(Number),
            JsKind.String => JsValue.Within(
                JsKind.String, text, (token.Start, token.Length), (token.Flags & TapeFlags.Escaped) != 0),
            JsKind.Array => JsValue.From(new JsArray(text, token.Start, token.Length)),
            _ => JsValue.From(new JsObject(text, token.Start, token.Length)),
        };
    }

    private ref TapeToken Token => ref _tape!.Tokens[_index];

    /// <summary>Steps over the members of an object or the items of an array.</summary>
    public struct Children
    {
        private readonly JsonTape? _tape;
        private readonly int _end;
        private int _next;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Children(TapeValue of)
        {
            bool any = of.Kind >= JsKind.Array;
            _tape = of._tape;
            _next = any ? of._index + 1 : 0;
            _end = any ? of.Token.Link : 0;
        }

        /// <summary>The current value.</summary>
        public TapeValue Current { get; private set; }

        /// <summary>Moves to the next value; false after the last one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            if (_next >= _end) return false;
            Current = new TapeValue(_tape, _next);
            ref TapeToken token = ref _tape!.Tokens[_next];
            _next = token.Kind >= JsKind.Array ? token.Link : _next + 1;
            return true;
        }
    }
}
