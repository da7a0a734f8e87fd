using Flume.Log.Primitives;
using Flume.Query.Json;

namespace Flume.Ssb.Views.Links;

/// <summary>
/// The first eight bytes of a link's ssb-links index key (docs/spec 3.5), as a number of the same order.
/// </summary>
/// <remarks>
/// 1. Monotone: a link that charwise orders earlier never has a greater key. Links that differ only in bytes that the
/// key omits or rounds share a key; readers sort them.
/// 2. A rounded part ends the key, because later parts cannot separate links that it merges.
/// 3. A text is encoded unchanged up to the first byte that charwise escapes (<c>! " ?</c> or a control character).
/// From that byte on, and for non-ASCII text, the encoding is rounded. The separators after it, <c>!</c> and <c>"</c>,
/// sort after a space.
/// </remarks>
internal struct LinkOrder
{
    private const int Bytes = 8;
    private const byte End = 0x01, NullPart = 0x10, FalsePart = 0x11, TruePart = 0x12, NumberPart = 0x20;
    private const byte LowText = 0x50, NameText = 0x51, HighText = 0x52, ArrayPart = 0x60, UndefinedPart = 0x70;
    private const byte Control = 0x1F, LastEnds = 0x21, PartEnds = 0x22, Escaped = 0x3F, BeyondAscii = 0x80;
    private const int SmallMax = 8;

    /// <summary>The most frequent link fields, in charwise's order.</summary>
    private static readonly byte[][] Known =
    [
        [.. "about"u8], [.. "branch"u8], [.. "contact"u8], [.. "flag"u8], [.. "fork"u8], [.. "image"u8],
        [.. "mentions"u8], [.. "root"u8], [.. "vote"u8],
    ];

    private ulong _key;
    private int _length;
    private bool _closed;

    /// <summary>The key. As a bound, it is below all keys with this prefix.</summary>
    public readonly ulong Low => _key;

    /// <summary>A bound above all keys with this prefix.</summary>
    public readonly ulong High => _length == 0 ? ulong.MaxValue : _key | ((1UL << (64 - (8 * _length))) - 1);

    /// <summary>The first four bytes of a key, for indexes with few rows per source or dest.</summary>
    public static ulong Short(ulong key) => key & 0xFFFF_FFFF_0000_0000;

    /// <summary>This key after a field's key, for an index that contains no field before it.</summary>
    public readonly LinkOrder Behind(ReadOnlySpan<byte> field)
    {
        LinkOrder whole = default;
        if (!whole.AddField(field)) return whole;
        whole._key |= _key >> 8;
        whole._length = Math.Min(Bytes, _length + 1);
        whole._closed = _closed;
        return whole;
    }

    public void AddNull() => Append(NullPart);

    public void AddUndefined() => Append(UndefinedPart);

    public void AddBoolean(bool value) => Append(value ? TruePart : FalsePart);

    /// <summary>All nested arrays share one encoding.</summary>
    public void AddArray() => Close(ArrayPart);

    /// <summary>Small integers, such as votes, take one byte.</summary>
    public void AddNumber(double number)
    {
        int below = (int)Math.Clamp(Math.Ceiling(number) + SmallMax, 0, (2 * SmallMax) + 1);
        bool small = number == Math.Floor(number) && Math.Abs(number) <= SmallMax;
        Append((byte)(NumberPart + (2 * below) + (small ? 1 : 0)));
        if (small) return;
        ulong exact = SortKey.Of(number);
        for (int shift = 56; shift >= 0; shift -= 8) Append((byte)(exact >> shift));
    }

    /// <summary>Adds a text. The last part of a relation sorts before a part that others follow.</summary>
    public void AddText(ReadOnlySpan<byte> utf8, bool isLast)
    {
        AddKind(utf8);
        int end = AddLetters(utf8);
        if (end == utf8.Length) Append(isLast ? LastEnds : PartEnds);
        else Close(utf8[end] switch { >= BeyondAscii => BeyondAscii, < (byte)' ' => Control, _ => Escaped });
    }

    /// <summary>
    /// Adds a text as a bound in the order of texts. Escaped characters sort above digits, so a high bound ends before
    /// them.
    /// </summary>
    public void AddBound(ReadOnlySpan<byte> utf8, bool isHigh)
    {
        int end = isHigh ? utf8.IndexOfAnyInRange((byte)0, (byte)('@' - 1)) : -1;
        AddKind(utf8);
        AddLetters(end < 0 ? utf8 : utf8[..end]);
        _closed = true;
    }

    /// <summary>Adds an object part as JSON text.</summary>
    public void AddObject(bool isEmpty, bool isLast) => AddText(isEmpty ? "{}"u8 : "{\""u8, isLast);

    /// <summary>A non-text part is always the last one. A shorter relation sorts first.</summary>
    public void AddEnd() => Append(End);

    /// <summary>Adds the id after the relation: its sigil and two letters.</summary>
    public void AddDest(ReadOnlySpan<byte> utf8)
    {
        int start = StartOf(utf8);
        Append((byte)(start >> 8));
        Append((byte)start);
    }

    /// <summary>
    /// Adds five bits of an id: its sigil and the high bits of the first letter, so that rows stay small.
    /// </summary>
    public void AddDestShort(ReadOnlySpan<byte> utf8) => Close((byte)((StartOf(utf8) >> 8) & 0xF8));

    /// <summary>Adds the first letter of a source, which can be any text.</summary>
    public void AddSource(ReadOnlySpan<byte> utf8)
    {
        byte first = utf8.IsEmpty ? (byte)0 : utf8[0];
        Close(first == '@' ? SecondOf(utf8) : first < '@' ? LowText : (byte)0xF0);
    }

    /// <summary>Adds a source that is missing or not a text.</summary>
    public void AddOddSource(JsKind kind) =>
        Close(kind is JsKind.Array or JsKind.Object or JsKind.Undefined ? (byte)0xF8 : (byte)kind);

    /// <summary>False for an uncommon field. The key then has only its first letters.</summary>
    private bool AddField(ReadOnlySpan<byte> field)
    {
        int place = PlaceOf(field);
        bool known = place >= 0;
        for (place = Math.Max(0, place); !known && place < Known.Length && !IsBefore(field, Known[place]);) place++;
        Append((byte)((2 * place) + (known ? 2 : 1)));
        if (!known) AddText(field, isLast: true);
        _closed = !known;
        return known;
    }

    private static int PlaceOf(ReadOnlySpan<byte> field)
    {
        for (int place = 0; place < Known.Length; place++)
        {
            if (field.Length == Known[place].Length && field.SequenceEqual(Known[place])) return place;
        }

        return -1;
    }

    /// <summary>In a key, a separator, <c>!</c> or <c>"</c>, follows a name.</summary>
    private static bool IsBefore(ReadOnlySpan<byte> field, ReadOnlySpan<byte> known) =>
        field.StartsWith(known) ? field[known.Length] < '!' : field.SequenceCompareTo(known) < 0;

    /// <summary>The letter after <c>@</c>, as charwise encodes it.</summary>
    private static byte SecondOf(ReadOnlySpan<byte> utf8)
    {
        byte second = utf8.Length < 2 ? (byte)'"' : utf8[1] is (byte)'!' or (byte)'"' ? (byte)'?' : utf8[1];
        return (byte)(0x60 + (Math.Min(second, BeyondAscii) & 0xFC));
    }

    /// <summary>
    /// The sigil in two bits and two letters in seven bits each, because ids are ASCII. The second letter is shortened
    /// so that rows stay small.
    /// </summary>
    private static int StartOf(ReadOnlySpan<byte> id)
    {
        int sigil = id[0] == '%' ? 0 : id[0] == '&' ? 1 : 2;
        return (sigil << 14) | (id[1] << 7) | (id[2] & 0x70);
    }

    private void AddKind(ReadOnlySpan<byte> utf8)
    {
        byte first = utf8.IsEmpty ? (byte)0 : utf8[0];
        Append(first < '@' ? LowText : first == '@' ? NameText : HighText);
    }

    /// <summary>Adds a text's bytes up to the first one that needs rounding, and returns its position.</summary>
    private int AddLetters(ReadOnlySpan<byte> utf8)
    {
        int i = utf8.StartsWith((byte)'@') ? 1 : 0;
        while (i < utf8.Length && IsPlain(utf8[i])) Append(utf8[i++]);
        return i;
    }

    private static bool IsPlain(byte letter) =>
        letter is >= (byte)' ' and < BeyondAscii and not ((byte)'!' or (byte)'"' or (byte)'?');

    private void Append(byte next)
    {
        if (_closed || _length == Bytes) return;
        _key |= (ulong)next << (56 - (8 * _length++));
    }

    private void Close(byte last)
    {
        Append(last);
        _closed = true;
    }
}
