namespace Flume.Ssb.Views.Links;

/// <summary>The part of a content type that messagesByType uses: its first 32 UTF-16 units (docs/spec 3.2).</summary>
internal static class TypePrefix
{
    private const int UnitsMax = 32;

    /// <summary>The UTF-8 bytes of the first 32 UTF-16 units of <paramref name="type"/>.</summary>
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> type)
    {
        if (type.Length <= UnitsMax) return type;
        int units = 0, at = 0;
        while (at < type.Length)
        {
            int width = type[at] < 0x80 ? 1 : type[at] < 0xE0 ? 2 : type[at] < 0xF0 ? 3 : 4;
            units += width == 4 ? 2 : 1;
            if (units > UnitsMax) break;
            at += width;
        }
        return type[..Math.Min(at, type.Length)];
    }
}
