using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Flume.Tools.Generate;

/// <summary>
/// Writes compact JSON as JavaScript's <c>JSON.stringify</c> does, into a reusable buffer.
/// </summary>
/// <remarks>
/// 1. Strings are passed as escaped UTF-8, so that the writer never checks them.
/// 2. Keys are passed in JavaScript's order (integer-like keys first, ascending); the writer does not sort.
/// 3. The writer adds commas: before each key or item, except directly after a bracket or a colon.
/// </remarks>
internal sealed class JsonBuffer
{
    private byte[] _bytes = new byte[4096];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The same, as memory; the next write may change it.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Drops everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Opens an object, as a value or an item.</summary>
    public JsonBuffer Object() => Separate().Raw("{"u8);

    /// <summary>Closes an object.</summary>
    public JsonBuffer EndObject() => Raw("}"u8);

    /// <summary>Opens an array, as a value or an item.</summary>
    public JsonBuffer Array() => Separate().Raw("["u8);

    /// <summary>Closes an array.</summary>
    public JsonBuffer EndArray() => Raw("]"u8);

    /// <summary>Writes an escaped key.</summary>
    public JsonBuffer Key(ReadOnlySpan<byte> escaped) => Separate().Raw("\""u8).Raw(escaped).Raw("\":"u8);

    /// <summary>Writes an escaped string value.</summary>
    public JsonBuffer String(ReadOnlySpan<byte> escaped) => Separate().Raw("\""u8).Raw(escaped).Raw("\""u8);

    /// <summary>Opens a string whose escaped text follows through <see cref="Raw"/>.</summary>
    public JsonBuffer OpenString() => Separate().Raw("\""u8);

    /// <summary>Closes a string that <see cref="OpenString"/> opened.</summary>
    public JsonBuffer CloseString() => Raw("\""u8);

    /// <summary>Writes a whole number below 2^53 in size, which JavaScript reads exactly.</summary>
    public JsonBuffer Number(long number)
    {
        Separate();
        number.TryFormat(Free(20), out int written, default, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    /// <summary>
    /// Milliseconds, with a fraction when there is one. Valid for 0.001 to 1e15, where .NET and JavaScript agree.
    /// </summary>
    public JsonBuffer Milliseconds(double number)
    {
        Separate();
        number.TryFormat(Free(32), out int written, "R", CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    /// <summary>Writes a JSON text: <c>true</c>, <c>null</c>, a number in JavaScript's notation.</summary>
    public JsonBuffer Value(ReadOnlySpan<byte> json) => Separate().Raw(json);

    /// <summary>The text of bytes in base64, without quotes.</summary>
    public JsonBuffer Base64Of(ReadOnlySpan<byte> bytes)
    {
        Base64.EncodeToUtf8(bytes, Free(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out int written);
        Length += written;
        return this;
    }

    /// <summary>Writes bytes unchanged, without a comma before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonBuffer Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    /// <summary>
    /// Changes the ASCII letter at <paramref name="at"/> to upper case; other letters remain unchanged.
    /// </summary>
    public void Capitalise(int at)
    {
        if (_bytes[at] is >= (byte)'a' and <= (byte)'z') _bytes[at] -= 32;
    }

    private JsonBuffer Separate()
    {
        if (Length == 0) return this;
        byte last = _bytes[Length - 1];
        return last is (byte)'{' or (byte)'[' or (byte)':' ? this : Raw(","u8);
    }

    private Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
            System.Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        return _bytes.AsSpan(Length);
    }
}
