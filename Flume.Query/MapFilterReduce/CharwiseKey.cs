using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>
/// The key of a JavaScript flume index: bytes with the order of charwise's encoding of the array of its fields.
/// </summary>
/// <remarks>
/// charwise joins the items of an array with <c>"</c> and closes it with <c>!</c>, so inside a key one of these follows
/// each text. <c>a b</c> therefore comes before <c>a</c>, because a space is less than both. Only numbers have other
/// bytes than in charwise, with the same order. Source: npm charwise 3.0.1; docs/spec 3.1.
/// </remarks>
public static class CharwiseKey
{
    private const int DepthMax = 500;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    /// <summary>
    /// The bytes of an index key with these fields. Objects, which no key can contain, count as empty arrays.
    /// </summary>
    public static byte[] Of(ReadOnlySpan<JsValue> fields)
    {
        ArrayBufferWriter<byte> output = _output ??= new ArrayBufferWriter<byte>(256);
        output.ResetWrittenCount();
        output.Write("K"u8);
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0) output.Write("\""u8);
            Write(fields[i], output, 0);
        }
        output.Write("!"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(in JsValue value, ArrayBufferWriter<byte> output, int depth)
    {
        switch (value.Kind)
        {
            case JsKind.Undefined: output.Write("L"u8); break;
            case JsKind.Null: output.Write("A"u8); break;
            case JsKind.Boolean: output.Write(value.AsBoolean ? "C"u8 : "B"u8); break;
            case JsKind.Number: WriteNumber(value.AsNumber, output); break;
            case JsKind.String: WriteText(value.AsString, output); break;
            default: WriteArray(value, output, depth); break;
        }
    }

    private static void WriteArray(in JsValue value, ArrayBufferWriter<byte> output, int depth)
    {
        output.Write("K"u8);
        int count = value.IsArray && depth < DepthMax ? value.AsArray.Count : 0;
        for (int i = 0; i < count; i++)
        {
            if (i > 0) output.Write("\""u8);
            Write(value.AsArray[i], output, depth + 1);
        }
        output.Write("!"u8);
    }

    /// <summary>
    /// Eight bytes with the order of the number; NaN comes between the negative numbers and zero, as in charwise.
    /// </summary>
    private static void WriteNumber(double number, ArrayBufferWriter<byte> output)
    {
        const ulong Sign = 1UL << 63;
        ulong bits = BitConverter.DoubleToUInt64Bits(number == 0 ? 0.0 : number);
        ulong ordered = double.IsNaN(number) ? Sign - 1 : (bits & Sign) == 0 ? bits | Sign : ~bits;
        Span<byte> bytes = output.GetSpan(9);
        bytes[0] = (byte)'F';
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], ordered);
        output.Advance(9);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("J"u8);
        if (text.AsSpan().ContainsAny('\0', '\u0001'))
            text = text.Replace("\u0001", "\u0001\u0001", StringComparison.Ordinal).Replace('\0', '\u0001');
        if (text.AsSpan().ContainsAny('!', '"'))
            text = text.Replace("?", "?@", StringComparison.Ordinal).Replace("!", "??", StringComparison.Ordinal)
                .Replace("\"", "?%", StringComparison.Ordinal);
        Encoding.UTF8.GetBytes(text, output);
    }
}
