namespace Flume.Query.Json;

/// <summary>One parsed text; lazy values refer to it.</summary>
internal sealed class JsText(ReadOnlyMemory<byte> utf8)
{
    /// <summary>The whole text.</summary>
    public readonly ReadOnlyMemory<byte> Utf8 = utf8;

    /// <summary>The bytes of one value or name.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => Utf8.Span.Slice(start, length);
}
