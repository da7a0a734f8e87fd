using System.Buffers;

namespace Flume.Tools.Generate.Signing;

/// <summary>
/// Indents compact JSON as <c>JSON.stringify(value, null, 2)</c> does; the result is signed and hashed.
/// </summary>
/// <remarks>
/// Keys, numbers and strings are copied unchanged: the input must have JavaScript's notation and key order, as <see
/// cref="JsonBuffer"/> writes them. The codec handles JSON of other origin.
/// </remarks>
internal static class CanonicalText
{
    private static readonly SearchValues<byte> StringEnd = SearchValues.Create("\"\\"u8);
    private static readonly byte[] Margin = [.. "\n"u8, .. Enumerable.Repeat((byte)' ', 128)];

    /// <summary>Appends <paramref name="compact"/> to <paramref name="to"/>, indented.</summary>
    public static void Write(ReadOnlySpan<byte> compact, JsonBuffer to)
    {
        int depth = 0, at = 0;
        while (at < compact.Length)
        {
            byte token = compact[at];
            int length = 1;
            switch (token)
            {
                case (byte)'"':
                    length = StringLength(compact[at..]);
                    to.Raw(compact.Slice(at, length));
                    break;
                case (byte)'{' or (byte)'[' when compact[at + 1] == token + 2:
                    to.Raw(compact.Slice(at, length = 2));
                    break;
                case (byte)'{' or (byte)'[':
                    to.Raw(compact.Slice(at, 1)).Raw(Line(++depth));
                    break;
                case (byte)'}' or (byte)']':
                    to.Raw(Line(--depth)).Raw(compact.Slice(at, 1));
                    break;
                case (byte)',': to.Raw(","u8).Raw(Line(depth)); break;
                case (byte)':': to.Raw(": "u8); break;
                default: to.Raw(compact.Slice(at, 1)); break;
            }
            at += length;
        }
    }

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (true)
        {
            at += text[at..].IndexOfAny(StringEnd);
            if (text[at] == (byte)'"') return at + 1;
            at += 2;
        }
    }

    private static ReadOnlySpan<byte> Line(int depth) => Margin.AsSpan(0, 1 + (2 * depth));
}
