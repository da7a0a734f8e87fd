using System.Buffers.Binary;
using System.Text;
using Flume.Query.Json;

namespace Flume.Tools.Import;

/// <summary>Decodes BIPF, the binary form of JSON that ssb-db2 stores.</summary>
/// <remarks>
/// A value is a tag and its bytes. The tag is a variable-length integer (LEB128): the lowest three bits are the type,
/// the others the number of bytes. Integers have 32 bits and doubles 64, both little endian.
/// </remarks>
internal static class Bipf
{
    private const int TypeBits = 3, TypeMask = 7, DepthMax = 512;

    private enum BipfType
    {
        Text = 0,
        Bytes = 1,
        Int = 2,
        Double = 3,
        Array = 4,
        Object = 5,
        BoolNull = 6,
    }

    /// <summary>Decodes the value at the start of the bytes.</summary>
    /// <exception cref="FormatException">The bytes are no BIPF.</exception>
    public static JsValue Decode(ReadOnlySpan<byte> bytes) => Next(ref bytes, 0);

    private static JsValue Next(ref ReadOnlySpan<byte> rest, int depth)
    {
        (BipfType type, ReadOnlySpan<byte> body) = Take(ref rest);
        return type switch
        {
            BipfType.Text => JsValue.From(Encoding.UTF8.GetString(body)),
            BipfType.Bytes => JsValue.From(Convert.ToBase64String(body)),
            BipfType.Int when body.Length == sizeof(int) => JsValue.From(
                (double)BinaryPrimitives.ReadInt32LittleEndian(body)),
            BipfType.Double when body.Length == sizeof(double) => JsValue.From(
                BinaryPrimitives.ReadDoubleLittleEndian(body)),
            BipfType.Array when depth < DepthMax => Array(body, depth + 1),
            BipfType.Object when depth < DepthMax => Object(body, depth + 1),
            BipfType.BoolNull when body.IsEmpty => JsValue.Null,
            BipfType.BoolNull when body is [0 or 1] => JsValue.From(body[0] == 1),
            _ => throw new FormatException($"a value of type {(int)type} has {body.Length} bytes, at depth {depth}"),
        };
    }

    private static JsValue Array(ReadOnlySpan<byte> body, int depth)
    {
        JsArray items = new();
        while (!body.IsEmpty) items.Add(Next(ref body, depth));
        return JsValue.From(items);
    }

    private static JsValue Object(ReadOnlySpan<byte> body, int depth)
    {
        JsObject members = new();
        while (!body.IsEmpty)
        {
            (BipfType type, ReadOnlySpan<byte> name) = Take(ref body);
            if (type != BipfType.Text) throw new FormatException($"a member's name has type {(int)type}");
            members.Set(Encoding.UTF8.GetString(name), Next(ref body, depth));
        }

        return JsValue.From(members);
    }

    private static Taken Take(ref ReadOnlySpan<byte> rest)
    {
        ulong tag = 0;
        for (int i = 0; i < rest.Length && i < 5; i++)
        {
            tag |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] >= 0x80) continue;
            rest = rest[(i + 1)..];
            ulong length = tag >> TypeBits;
            if (length > (ulong)rest.Length)
                throw new FormatException($"a value of {length} bytes does not fit in the {rest.Length} that are left");
            Taken taken = new((BipfType)(tag & TypeMask), rest[..(int)length]);
            rest = rest[(int)length..];
            return taken;
        }

        throw new FormatException("the tag of a value has no end");
    }

    /// <summary>A value's type and bytes.</summary>
    private readonly ref struct Taken(BipfType type, ReadOnlySpan<byte> body)
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public void Deconstruct(out BipfType kind, out ReadOnlySpan<byte> bytes)
        {
            kind = type;
            bytes = _body;
        }
    }
}
