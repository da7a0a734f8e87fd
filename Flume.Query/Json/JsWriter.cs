using System.Buffers;
using System.Text;

namespace Flume.Query.Json;

/// <summary>JavaScript's <c>JSON.stringify</c>, compact or indented, byte for byte as V8 writes it.</summary>
/// <remarks>
/// Undefined members are omitted; undefined items and non-finite numbers become null. Nesting uses heap memory instead
/// of the stack, so any depth is possible.
/// </remarks>
public static class JsWriter
{
    /// <summary>
    /// Writes UTF-8; if <paramref name="indent"/> is above 0, each member and item is on its own line.
    /// </summary>
    /// <exception cref="InvalidOperationException">The value itself is undefined, which JSON lacks.</exception>
    /// <exception cref="JsSyntaxException">A parsed but unread part is not JSON.</exception>
    public static void Write(JsValue value, IBufferWriter<byte> to, int indent = 0)
    {
        if (value.IsUndefined)
            throw new InvalidOperationException("Undefined has no JSON form. Check IsUndefined before writing.");
        var output = new JsOutput(to);
        var open = new Stack<Level>();
        Value(ref output, value, open);
        while (open.Count > 0)
        {
            Level level = open.Pop();
            if (!level.Next(out string? name, out JsValue item))
            {
                if (!level.Empty && indent > 0) output.Line(indent * open.Count);
                output.Byte(level.IsArray ? ']' : '}');
                continue;
            }

            if (!level.Empty) output.Byte(',');
            if (indent > 0) output.Line(indent * (open.Count + 1));
            if (name is not null) Name(ref output, name, indent);
            level.Empty = false;
            open.Push(level);
            Value(ref output, item, open);
        }

        output.Flush();
    }

    /// <summary><c>JSON.stringify(value, null, indent)</c>.</summary>
    /// <exception cref="InvalidOperationException">The value itself is undefined, which JSON cannot say.</exception>
    public static string ToJson(JsValue value, int indent = 0) => Encoding.UTF8.GetString(ToUtf8(value, indent).Span);

    /// <summary>The bytes of <c>JSON.stringify(value, null, indent)</c>.</summary>
    /// <exception cref="InvalidOperationException">The value itself is undefined, which JSON cannot say.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(JsValue value, int indent = 0)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        Write(value, buffer, indent);
        return buffer.WrittenMemory;
    }

    private static void Name(ref JsOutput output, string name, int indent)
    {
        output.Quoted(name);
        output.Byte(':');
        if (indent > 0) output.Byte(' ');
    }

    /// <summary>Writes a scalar, or the opening bracket of a value, which becomes the innermost open level.</summary>
    private static void Value(ref JsOutput output, JsValue value, Stack<Level> open)
    {
        switch (value.Kind)
        {
            case JsKind.Boolean: output.Bytes(value.AsBoolean ? "true"u8 : "false"u8); break;
            case JsKind.Number: output.Number(value.AsNumber); break;
            case JsKind.String when value.TryGetPlain(out ReadOnlySpan<byte> utf8): output.Plain(utf8); break;
            case JsKind.String: output.Quoted(value.AsString); break;
            case JsKind.Array or JsKind.Object:
                output.Byte(value.IsArray ? '[' : '{');
                open.Push(new Level(value));
                break;
            default: output.Bytes("null"u8); break;
        }
    }

    /// <summary>An open object or array, and the number of its written members.</summary>
    private struct Level(JsValue container)
    {
        private int _next;

        public bool IsArray => container.IsArray;

        public bool Empty { get; set; } = true;

        /// <summary>The next member or item to write; undefined members are skipped.</summary>
        public bool Next(out string? name, out JsValue value)
        {
            name = null;
            value = default;
            if (IsArray)
            {
                JsArray items = container.AsArray;
                if (_next >= items.Count) return false;
                value = items[_next++];
                return true;
            }

            JsObject members = container.AsObject;
            do
            {
                if (_next >= members.Count) return false;
                (name, value) = members.At(_next++);
            }
            while (value.IsUndefined);
            return true;
        }
    }
}
