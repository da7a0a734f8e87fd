namespace Flume.Host.Admin;

/// <summary>What a blob is to a browser: one of four image formats, told by its first bytes, or just bytes.</summary>
/// <remarks>
/// Nothing that can carry script is among them (SVG, HTML, PDF): a blob is a stranger's, and is served from the origin
/// that the page has.
/// </remarks>
internal static class ImageKind
{
    /// <summary>How many bytes <see cref="Of"/> wants to see.</summary>
    public const int HeadBytes = 12;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <summary>The media type of what begins with <paramref name="head"/>; null when it is no image.</summary>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Png)) return "image/png";
        if (head.StartsWith(Jpeg)) return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return "image/gif";
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return "image/webp";
        return null;
    }
}
