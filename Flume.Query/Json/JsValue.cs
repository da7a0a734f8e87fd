using System.Buffers;
using System.Text;

namespace Flume.Query.Json;

/// <summary>One JavaScript value: JSON's kinds and undefined, with JavaScript's property access and equality.</summary>
/// <remarks>
/// A parsed value is lazy: it refers to its text, and finds its direct members at the first access. A wrong byte in an
/// unread part is therefore not detected; <see cref="ParseWhole"/> checks every byte first. The parsed memory must not
/// change while a value of it exists. Parsed values never change, and any number of threads may read them.
/// </remarks>
public readonly struct JsValue : IEquatable<JsValue>
{
    /// <summary>No value; also <c>default</c>.</summary>
    public static readonly JsValue Undefined;

    /// <summary><c>null</c>.</summary>
    public static readonly JsValue Null = new(JsKind.Null, null, 0);

    /// <summary><c>true</c>.</summary>
    public static readonly JsValue True = new(JsKind.Boolean, null, 1);

    /// <summary><c>false</c>.</summary>
    public static readonly JsValue False = new(JsKind.Boolean, null, 0);

    private static readonly byte[] NullText = "null"u8.ToArray();
    private static readonly byte[] TrueText = "true"u8.ToArray();
    private static readonly byte[] FalseText = "false"u8.ToArray();

    // The meaning of _at: for a JsText, start << 32 | length; otherwise the bits of a number or a boolean.
    private readonly object? _of;
    private readonly long _at;
    private readonly bool _escaped;

    private JsValue(JsKind kind, object? of, long at, bool escaped = false)
    {
        Kind = kind;
        _of = of;
        _at = at;
        _escaped = escaped;
    }

    /// <summary>The kind of this value.</summary>
    public JsKind Kind { get; }

    /// <summary>True for undefined.</summary>
    public bool IsUndefined => Kind == JsKind.Undefined;

    /// <summary>True for null.</summary>
    public bool IsNull => Kind == JsKind.Null;

    /// <summary>True for undefined and null, whose properties JavaScript cannot read.</summary>
    public bool IsNullish => Kind <= JsKind.Null;

    /// <summary>True for true and false.</summary>
    public bool IsBoolean => Kind == JsKind.Boolean;

    /// <summary>True for numbers.</summary>
    public bool IsNumber => Kind == JsKind.Number;

    /// <summary>True for strings.</summary>
    public bool IsString => Kind == JsKind.String;

    /// <summary>True for arrays.</summary>
    public bool IsArray => Kind == JsKind.Array;

    /// <summary>True for objects, not for arrays.</summary>
    public bool IsObject => Kind == JsKind.Object;

    /// <summary>JavaScript's truthiness: false for undefined, null, false, 0, NaN and "".</summary>
    public bool IsTruthy => Kind switch
    {
        JsKind.Boolean => _at != 0,
        JsKind.Number => AsNumber is not (0 or double.NaN),
        JsKind.String => _of is string text ? text.Length > 0 : (int)_at > 0,
        _ => Kind >= JsKind.Array,
    };

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">This is another kind of value.</exception>
    public double AsNumber => Kind != JsKind.Number ? throw Wrong(JsKind.Number)
        : _of is JsText text ? JsNumber.Read(Raw(text)) : BitConverter.Int64BitsToDouble(_at);

    /// <summary>The string; a parsed one is decoded at every call.</summary>
    /// <exception cref="InvalidOperationException">This is another kind of value.</exception>
    /// <exception cref="JsSyntaxException">The parsed text is not a JSON string.</exception>
    public string AsString => Kind != JsKind.String ? throw Wrong(JsKind.String)
        : _of is JsText text ? JsString.Decode(Raw(text), _escaped, (int)(_at >> 32)) : (string)_of!;

    /// <summary>The boolean.</summary>
    /// <exception cref="InvalidOperationException">This is another kind of value.</exception>
    public bool AsBoolean => Kind == JsKind.Boolean ? _at != 0 : throw Wrong(JsKind.Boolean);

    /// <summary>The array.</summary>
    /// <exception cref="InvalidOperationException">This is another kind of value.</exception>
    public JsArray AsArray => Kind == JsKind.Array ? (JsArray)_of! : throw Wrong(JsKind.Array);

    /// <summary>The object.</summary>
    /// <exception cref="InvalidOperationException">This is another kind of value.</exception>
    public JsObject AsObject => Kind == JsKind.Object ? (JsObject)_of! : throw Wrong(JsKind.Object);

    /// <summary>
    /// JavaScript's property access: a member of an object, an index or <c>length</c> of an array or string. Undefined
    /// if there is none, and for null and undefined, where JavaScript throws. Prototypes are ignored.
    /// </summary>
    public JsValue this[string name] => Kind switch
    {
        JsKind.Object => AsObject[name],
        JsKind.Array or JsKind.String when name == "length" =>
            From((double)(Kind == JsKind.Array ? AsArray.Count : AsString.Length)),
        JsKind.Array or JsKind.String when JsMembers.TryIndex(name, out uint index) && index <= int.MaxValue =>
            this[(int)index],
        _ => Undefined,
    };

    /// <summary>
    /// JavaScript's <c>value[index]</c>: an array's item, a string's unit, or an object's member of this name.
    /// </summary>
    public JsValue this[int index]
    {
        get
        {
            switch (Kind)
            {
                case JsKind.Array: return AsArray.At(index);
                case JsKind.Object: return AsObject[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];
                case JsKind.String:
                    string text = AsString;
                    return (uint)index < (uint)text.Length ? From(text[index].ToString()) : Undefined;
                default: return Undefined;
            }
        }
    }

    /// <summary>A number.</summary>
    public static JsValue From(double number) =>
        new(JsKind.Number, null, BitConverter.DoubleToInt64Bits(number));

    /// <summary>A string; null becomes <see cref="Null"/>.</summary>
    public static JsValue From(string? text) => text is null ? Null : new(JsKind.String, text, 0);

    /// <summary>A boolean.</summary>
    public static JsValue From(bool value) => value ? True : False;

    /// <summary>An array.</summary>
    public static JsValue From(JsArray array) => new(JsKind.Array, array, 0);

    /// <summary>An object.</summary>
    public static JsValue From(JsObject members) => new(JsKind.Object, members, 0);

    /// <summary>Creates a lazy value over its JSON text; only the parts that are read are parsed.</summary>
    /// <exception cref="JsSyntaxException">The text is not one JSON value; an error inside it appears when the part is
    /// read.</exception>
    public static JsValue Parse(ReadOnlyMemory<byte> utf8) => JsParser.Parse(new JsText(utf8));

    /// <summary>Creates a lazy value over its JSON text, as <see cref="Parse(ReadOnlyMemory{byte})"/> does.</summary>
    /// <exception cref="JsSyntaxException">The text is not one JSON value.</exception>
    public static JsValue Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>
    /// Creates a value over a JSON text whose every byte is checked, by the rules of JavaScript's <c>JSON.parse</c>.
    /// </summary>
    /// <exception cref="JsSyntaxException">The text is not one JSON value, or nests deeper than 10,000.</exception>
    public static JsValue ParseWhole(ReadOnlyMemory<byte> utf8)
    {
        JsTokens.Check(utf8.Span);
        return Parse(utf8);
    }

    /// <summary>JavaScript's <c>===</c>: objects and arrays equal only themselves, NaN equals no value.</summary>
    public static bool StrictEquals(JsValue a, JsValue b)
    {
        if (a.Kind != b.Kind) return false;
        return a.Kind switch
        {
            JsKind.Undefined or JsKind.Null => true,
            JsKind.Boolean => a._at == b._at,
            JsKind.Number => a.AsNumber == b.AsNumber,
            JsKind.String => SameString(a, b),
            JsKind.Array => a.AsArray.IsSame(b.AsArray),
            _ => a.AsObject.IsSame(b.AsObject),
        };
    }

    /// <summary>
    /// True for a string with exactly these UTF-8 bytes; allocates only if the text has escapes.
    /// </summary>
    public bool EqualsUtf8(ReadOnlySpan<byte> utf8) =>
        IsString && (TryGetPlain(out ReadOnlySpan<byte> plain) ? plain.SequenceEqual(utf8)
            : JsMembers.Same(AsString, utf8));

    /// <summary>
    /// The JSON text from which this value was parsed. False for values that code made or changed. The text parses to
    /// this value, but may differ from the output of <see cref="WriteTo"/>.
    /// </summary>
    public bool TryGetRaw(out ReadOnlyMemory<byte> utf8)
    {
        utf8 = Kind switch
        {
            JsKind.Null => NullText,
            JsKind.Boolean => _at != 0 ? TrueText : FalseText,
            JsKind.Array => AsArray.Raw,
            JsKind.Object => AsObject.Raw,
            JsKind.String when _of is JsText text => text.Utf8.Slice((int)(_at >> 32) - 1, (int)_at + 2),
            JsKind.Number when _of is JsText text => text.Utf8.Slice((int)(_at >> 32), (int)_at),
            _ => default,
        };
        return !utf8.IsEmpty;
    }

    /// <summary>
    /// The text of a parsed object that <see cref="JsObject.With"/> extended, and the added members, which follow the
    /// others. False for every other value.
    /// </summary>
    public bool TryGetRaw(out ReadOnlyMemory<byte> utf8, out IReadOnlyList<KeyValuePair<string, JsValue>> added)
    {
        utf8 = default;
        added = [];
        return IsObject && AsObject.TryGetText(out utf8, out added);
    }

    /// <summary><c>JSON.stringify(value)</c>.</summary>
    /// <exception cref="InvalidOperationException">The value is undefined, which JSON cannot say.</exception>
    public string ToJson() => JsWriter.ToJson(this);

    /// <summary>Writes <c>JSON.stringify(value)</c> as UTF-8.</summary>
    /// <exception cref="InvalidOperationException">The value is undefined, which JSON cannot say.</exception>
    public void WriteTo(IBufferWriter<byte> output) => JsWriter.Write(this, output);

    /// <summary>As <see cref="StrictEquals"/>, except that NaN equals NaN, so that values can be keys.</summary>
    public bool Equals(JsValue other) =>
        IsNumber && other.IsNumber ? AsNumber.Equals(other.AsNumber) || AsNumber == other.AsNumber
            : StrictEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JsValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        JsKind.Number => (AsNumber + 0.0).GetHashCode(),
        JsKind.String => AsString.GetHashCode(StringComparison.Ordinal),
        JsKind.Array => AsArray.Identity,
        JsKind.Object => AsObject.Identity,
        _ => HashCode.Combine(Kind, _at),
    };

    /// <summary>The JSON text, for debuggers.</summary>
    public override string ToString() => IsUndefined ? "undefined" : ToJson();

    /// <summary>A string or number that remains unparsed until it is read.</summary>
    internal static JsValue Within(JsKind kind, JsText text, (int Start, int Length) slice, bool escaped = false) =>
        new(kind, text, ((long)slice.Start << 32) | (uint)slice.Length, escaped);

    /// <summary>The bytes of a parsed string without escapes.</summary>
    internal bool TryGetPlain(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (_escaped || _of is not JsText text) return false;
        utf8 = Raw(text);
        return true;
    }

    private static bool SameString(JsValue a, JsValue b)
    {
        if (a._of is string text) return b._of is string other ? text == other : b.SameAs(text);
        if (b._of is string right) return a.SameAs(right);
        if (!a.TryGetPlain(out ReadOnlySpan<byte> x) || !b.TryGetPlain(out ReadOnlySpan<byte> y))
            return a.SameAs(b.AsString);
        return x.SequenceEqual(y) || (!Ascii.IsValid(x) && !Ascii.IsValid(y) && a.AsString == b.AsString);
    }

    private bool SameAs(string text) =>
        TryGetPlain(out ReadOnlySpan<byte> plain) && Ascii.IsValid(plain)
            ? Ascii.Equals(plain, text)
            : AsString == text;

    private ReadOnlySpan<byte> Raw(JsText text) => text.Slice((int)(_at >> 32), (int)_at);

    private InvalidOperationException Wrong(JsKind wanted) =>
        new($"This value is {Kind}, not {wanted}. Ask for its Kind before reading it.");
}
