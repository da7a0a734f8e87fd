using System.Text;
namespace Flume.Generate;

internal static class Utf16LowBytes
{
    public static int Of(ReadOnlySpan<byte> utf8, Span<byte> to)
    {
        if (Ascii.IsValid(utf8)) { utf8.CopyTo(to); return utf8.Length; }
        Span<char> chars = new char[utf8.Length];
        int n = Encoding.UTF8.GetChars(utf8, chars);
        for (int i = 0; i < n; i++) to[i] = (byte)chars[i];
        return n;
    }
}
