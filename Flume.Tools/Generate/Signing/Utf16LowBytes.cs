namespace Flume.Tools.Generate.Signing;

/// <summary>
/// The low byte of each UTF-16 unit of a text: JavaScript's "binary" encoding, which message ids hash.
/// </summary>
internal static class Utf16LowBytes
{
    /// <summary>
    /// Writes the low bytes of valid UTF-8 to <paramref name="to"/>, which is at least as long; returns their number.
    /// </summary>
    public static int Of(ReadOnlySpan<byte> utf8, Span<byte> to)
    {
        int written = 0;
        while (!utf8.IsEmpty)
        {
            int ascii = utf8.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
            if (ascii < 0) ascii = utf8.Length;
            utf8[..ascii].CopyTo(to[written..]);
            written += ascii;
            utf8 = utf8[ascii..];
            while (!utf8.IsEmpty && utf8[0] >= 0x80) utf8 = utf8[CodePoint(utf8, to, ref written)..];
        }
        return written;
    }

    /// <summary>
    /// Writes one non-ASCII code point: one unit, or the two of a surrogate pair. Returns the number of bytes read.
    /// </summary>
    private static int CodePoint(ReadOnlySpan<byte> utf8, Span<byte> to, ref int written)
    {
        byte lead = utf8[0];
        if (lead < 0xe0)
        {
            to[written++] = (byte)((lead << 6) | (utf8[1] & 0x3f));
            return 2;
        }
        if (lead < 0xf0)
        {
            to[written++] = (byte)((utf8[1] << 6) | (utf8[2] & 0x3f));
            return 3;
        }
        int high = ((lead & 7) << 18) | ((utf8[1] & 0x3f) << 12);
        int above = (high | ((utf8[2] & 0x3f) << 6) | (utf8[3] & 0x3f)) - 0x10000;
        to[written++] = (byte)(above >> 10);
        to[written++] = (byte)above;
        return 4;
    }
}
