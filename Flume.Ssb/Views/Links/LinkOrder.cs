using Flume.Log.Primitives;
using Flume.Query.Json;

namespace Flume.Ssb.Views.Links;

/// <summary>
/// The first eight bytes of where a link stands in an index of ssb-links (docs/spec 3.5): a number of the same order.
/// </summary>
/// <remarks>
/// 1. Monotone: what charwise orders before another link never has a greater key. Links that differ behind what fits,
///    or in what is told apart coarsely, share one: whoever reads sorts those among each other.
/// 2. What is coarse closes the key, since nothing behind it may tell apart what it could not.
/// 3. A text stands as it is up to the first byte that charwise escapes, <c>! " ?</c>, or a control character: there,
///    and beyond ASCII, it is coarse. The separators behind it, <c>!</c> and <c>"</c>, come after a space.
/// </remarks>
internal struct LinkOrder
{
    private const int Bytes = 8;
    private const byte End = 0x01, NullPart = 0x10, FalsePart = 0x11, TruePart = 0x12, NumberPart = 0x20;
    private const byte LowText = 0x50, NameText = 0x51, HighText = 0x52, ArrayPart = 0x60, UndefinedPart = 0x70;
    private const byte Control = 0x1F, LastEnds = 0x21, PartEnds = 0x22, Escaped = 0x3F, BeyondAscii = 0x80;
    private const int SmallMax = 8;

    /// <summary>The fields that nearly all links stand in, in charwise's order.</summary>
    private static readonly byte[][] Known =
    [
        [.. "about"u8], [.. "branch"u8], [.. "contact"u8], [.. "flag"u8], [.. "fork"u8], [.. "image"u8],
        [.. "mentions"u8], [.. "root"u8], [.. "vote"u8],
    ];

    private ulong _key;
    private int _length;
    private bool _closed;

    /// <summary>The key; as a bound, below everything that starts so.</summary>
    public readonly ulong Low => _key;

    /// <summary>Above everything that starts so.</summary>
    public readonly ulong High => _length == 0 ? ulong.MaxValue : _key | ((1UL << (64 - (8 * _length))) - 1);

    /// <summary>Only the first four bytes of a key: rows of a source or a dest are few.</summary>
    public static ulong Short(ulong key) => key & 0xFFFF_FFFF_0000_0000;

    /// <summary>This key behind a field's: the order of an index that does not have the field before it.</summary>
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

    /// <summary>Arrays of arrays are all the same here.</summary>
    public void AddArray() => Close(ArrayPart);

    /// <summary>Small whole numbers, such as votes, take one byte.</summary>
    public void AddNumber(double number)
    {
        int below = (int)Math.Clamp(Math.Ceiling(number) + SmallMax, 0, (2 * SmallMax) + 1);
        bool small = number == Math.Floor(number) && Math.Abs(number) <= SmallMax;
        Append((byte)(NumberPart + (2 * below) + (small ? 1 : 0)));
        if (small) return;
        ulong exact = SortKey.Of(number);
        for (int shift = 56; shift >= 0; shift -= 8) Append((byte)(exact >> shift));
    }

    /// <summary>A text; the last part of a relation comes before one that more parts follow.</summary>
    public void AddText(ReadOnlySpan<byte> utf8, bool isLast)
    {
        AddKind(utf8);
        int end = AddLetters(utf8);
        if (end == utf8.Length) Append(isLast ? LastEnds : PartEnds);
        else Close(utf8[end] switch { >= BeyondAscii => BeyondAscii, < (byte)' ' => Control, _ => Escaped });
    }

    /// <summary>
    /// A text as a bound of texts in their own order. What is escaped stands above digits and the like, so a high bound
    /// ends before those.
    /// </summary>
    public void AddBound(ReadOnlySpan<byte> utf8, bool isHigh)
    {
        int end = isHigh ? utf8.IndexOfAnyInRange((byte)0, (byte)('@' - 1)) : -1;
        AddKind(utf8);
        AddLetters(end < 0 ? utf8 : utf8[..end]);
        _closed = true;
    }

    /// <summary>A part that is JSON text of an object.</summary>
    public void AddObject(bool isEmpty, bool isLast) => AddText(isEmpty ? "{}"u8 : "{\""u8, isLast);

    /// <summary>No part follows a part that is no text: a shorter relation comes first.</summary>
    public void AddEnd() => Append(End);

    /// <summary>The id behind the relation: its sigil and two letters.</summary>
    public void AddDest(ReadOnlySpan<byte> utf8)
    {
        int start = StartOf(utf8);
        Append((byte)(start >> 8));
        Append((byte)start);
    }

    /// <summary>Five bits of an id: its sigil, and of the first letter as much as keeps rows small.</summary>
    public void AddDestShort(ReadOnlySpan<byte> utf8) => Close((byte)((StartOf(utf8) >> 8) & 0xF8));

    /// <summary>The first letter of a source, which is any text.</summary>
    public void AddSource(ReadOnlySpan<byte> utf8)
    {
        byte first = utf8.IsEmpty ? (byte)0 : utf8[0];
        Close(first == '@' ? SecondOf(utf8) : first < '@' ? LowText : (byte)0xF0);
    }

    /// <summary>A source that is no text; there may be none.</summary>
    public void AddOddSource(JsKind kind) =>
        Close(kind is JsKind.Array or JsKind.Object or JsKind.Undefined ? (byte)0xF8 : (byte)kind);

    /// <summary>False when the field is not one of the known: nothing follows then but a few of its letters.</summary>
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

    /// <summary>In a key a name is followed by one of the separators <c>!</c> and <c>"</c>.</summary>
    private static bool IsBefore(ReadOnlySpan<byte> field, ReadOnlySpan<byte> known) =>
        field.StartsWith(known) ? field[known.Length] < '!' : field.SequenceCompareTo(known) < 0;

    /// <summary>The letter behind <c>@</c>, as charwise writes it.</summary>
    private static byte SecondOf(ReadOnlySpan<byte> utf8)
    {
        byte second = utf8.Length < 2 ? (byte)'"' : utf8[1] is (byte)'!' or (byte)'"' ? (byte)'?' : utf8[1];
        return (byte)(0x60 + (Math.Min(second, BeyondAscii) & 0xFC));
    }

    /// <summary>
    /// The sigil in two bits, and two letters in seven each, since those of an id are ASCII; of the second no more than
    /// keeps rows small.
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

    /// <summary>The bytes that a text starts with, up to the first odd one; returns where that is.</summary>
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
