namespace Flume.Host.Admin;

/// <summary>
/// The media type of a blob for a browser: one of four image formats, detected by its first bytes, or plain bytes.
/// </summary>
/// <remarks>
/// Formats that can carry script (SVG, HTML, PDF) are excluded: any author can write a blob, and the blob has the
/// page's origin.
/// </remarks>
internal static class ImageKind
{
    /// <summary>The number of bytes that <see cref="Of"/> needs.</summary>
    public const int HeadBytes = 12;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <summary>
    /// The media type of content that starts with <paramref name="head"/>; null if it is not an image.
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Png)) return "image/png";
        if (head.StartsWith(Jpeg)) return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return "image/gif";
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return "image/webp";
        return null;
    }
}
