using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Flume.Query.Json;

/// <summary>Writes JSON tokens into a buffer writer, with few requests for memory.</summary>
internal ref struct JsOutput(IBufferWriter<byte> writer)
{
    private const int Chunk = 1024;

    private static readonly SearchValues<char> Special = SearchValues.Create(SpecialUnits());

    private Span<byte> _room = writer.GetSpan(Chunk);
    private int _used;

    /// <summary>Advances the buffer writer; the last call.</summary>
    public void Flush()
    {
        writer.Advance(_used);
        _used = 0;
        _room = default;
    }

    /// <summary>Writes one ASCII character.</summary>
    public void Byte(char value) => Room(1)[_used++] = (byte)value;

    /// <summary>Writes bytes unchanged.</summary>
    public void Bytes(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length)[_used..]);
        _used += utf8.Length;
    }

    /// <summary>Writes a number; null if it is not finite.</summary>
    public void Number(double number)
    {
        if (!double.IsFinite(number))
        {
            Bytes("null"u8);
            return;
        }

        Span<byte> to = Room(JsNumber.LengthMax)[_used..];
        _used += JsNumber.Format(number, to);
    }

    /// <summary>Writes a new line and <paramref name="width"/> spaces.</summary>
    public void Line(int width)
    {
        Span<byte> to = Room(width + 1)[_used..][..(width + 1)];
        to.Fill((byte)' ');
        to[0] = (byte)'\n';
        _used += width + 1;
    }

    /// <summary>Writes a quoted string from parsed text without escapes.</summary>
    public void Plain(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0 || !Utf8.IsValid(utf8))
        {
            Quoted(JsString.Decode(utf8, escaped: false, 0));
            return;
        }

        Byte('"');
        Bytes(utf8);
        Byte('"');
    }

    /// <summary>
    /// Writes a quoted string, escaped as V8 does: short escapes, <c>\u00xx</c>, and <c>\udxxx</c> for lone surrogates.
    /// </summary>
    public void Quoted(ReadOnlySpan<char> text)
    {
        Byte('"');
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAny(Special);
            ReadOnlySpan<char> plain = run < 0 ? text : text[..run];
            Utf8Of(plain);
            text = text[plain.Length..];
            if (!text.IsEmpty) text = text[One(text)..];
        }

        Byte('"');
    }

    /// <summary>Writes the escape for the special unit at the start; returns the number of units consumed.</summary>
    private int One(ReadOnlySpan<char> text)
    {
        char unit = text[0];
        if (char.IsHighSurrogate(unit) && text.Length > 1 && char.IsLowSurrogate(text[1]))
        {
            Utf8Of(text[..2]);
            return 2;
        }

        Byte('\\');
        switch (unit)
        {
            case '"' or '\\': Byte(unit); break;
            case '\b': Byte('b'); break;
            case '\f': Byte('f'); break;
            case '\n': Byte('n'); break;
            case '\r': Byte('r'); break;
            case '\t': Byte('t'); break;
            default:
                Byte('u');
                for (int shift = 12; shift >= 0; shift -= 4) Byte("0123456789abcdef"[(unit >> shift) & 15]);
                break;
        }

        return 1;
    }

    private void Utf8Of(ReadOnlySpan<char> text)
    {
        Span<byte> to = Room(text.Length * 3)[_used..];
        _used += Encoding.UTF8.GetBytes(text, to);
    }

    /// <summary>
    /// The current memory, extended so that <paramref name="length"/> more bytes fit after the used part.
    /// </summary>
    private Span<byte> Room(int length)
    {
        if (_room.Length - _used >= length) return _room;
        writer.Advance(_used);
        _used = 0;
        return _room = writer.GetSpan(Math.Max(length, Chunk));
    }

    private static string SpecialUnits()
    {
        var units = new StringBuilder("\"\\");
        for (int unit = 0; unit < 0x20; unit++) units.Append((char)unit);
        for (int unit = 0xd800; unit <= 0xdfff; unit++) units.Append((char)unit);
        return units.ToString();
    }
}
