using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Folding;

/// <summary>A lossless encoding of values, including undefined and NaN, which JSON lacks.</summary>
/// <remarks>
/// Equal numbers, strings and arrays of them have equal bytes (0 and -0 are equal), so that the bytes of keys identify
/// groups. Objects are encoded as JSON, with JSON's losses.
/// </remarks>
internal static class ValueBytes
{
    private const byte Undefined = (byte)'u', Number = (byte)'n', Text = (byte)'s', Array = (byte)'a', Json = (byte)'j';

    /// <summary>Encodes several values in sequence.</summary>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<JsValue> values)
    {
        ArrayBufferWriter<byte> output = new(64);
        foreach (JsValue value in values) Write(value, output);
        return output.WrittenSpan;
    }

    /// <summary>Decodes as many values as <paramref name="into"/> can hold.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, Span<JsValue> into)
    {
        for (int i = 0; i < into.Length; i++) into[i] = Read(ref bytes);
    }

    private static void Write(in JsValue value, ArrayBufferWriter<byte> output)
    {
        switch (value.Kind)
        {
            case JsKind.Undefined:
                output.Write([Undefined]);
                break;
            case JsKind.Number:
                double number = value.AsNumber;
                Start(output, Number, 8);
                BinaryPrimitives.WriteDoubleBigEndian(
                    output.GetSpan(8), double.IsNaN(number) ? double.NaN : number + 0.0);
                output.Advance(8);
                break;
            case JsKind.String:
                ReadOnlySpan<byte> text = MemoryMarshal.AsBytes(value.AsString.AsSpan());
                Start(output, Text, text.Length);
                output.Write(text);
                break;
            case JsKind.Array:
                Start(output, Array, value.AsArray.Count);
                foreach (JsValue item in value.AsArray) Write(item, output);
                break;
            default:
                ReadOnlySpan<byte> json = JsWriter.ToUtf8(value).Span;
                Start(output, Json, json.Length);
                output.Write(json);
                break;
        }
    }

    private static void Start(ArrayBufferWriter<byte> output, byte kind, int length)
    {
        Span<byte> head = output.GetSpan(5);
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], length);
        output.Advance(5);
    }

    private static JsValue Read(ref ReadOnlySpan<byte> bytes)
    {
        byte kind = bytes[0];
        bytes = bytes[1..];
        if (kind == Undefined) return JsValue.Undefined;
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        bytes = bytes[4..];
        if (kind == Array) return ReadArray(ref bytes, length);
        ReadOnlySpan<byte> content = bytes[..length];
        bytes = bytes[length..];
        return kind switch
        {
            Number => JsValue.From(BinaryPrimitives.ReadDoubleBigEndian(content)),
            Text => JsValue.From(new string(MemoryMarshal.Cast<byte, char>(content))),
            _ => JsValue.Parse(content.ToArray()),
        };
    }

    private static JsValue ReadArray(ref ReadOnlySpan<byte> bytes, int count)
    {
        JsArray items = new();
        for (int i = 0; i < count; i++) items.Add(Read(ref bytes));
        return JsValue.From(items);
    }
}
