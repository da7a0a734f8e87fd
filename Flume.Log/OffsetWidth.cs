namespace Flume.Log;

/// <summary>
/// The size of a frame's end marker: the <c>offsetCodec</c> of flumelog-offset. The value is the size in bytes.
/// </summary>
public enum OffsetWidth
{
    /// <summary>4 bytes, logs up to 4 GiB - 1. ssb-db always uses this width.</summary>
    Bits32 = 4,

    /// <summary>6 bytes, logs up to 256 TiB - 1.</summary>
    Bits48 = 6,

    /// <summary>8 bytes of which 53 bits are used, logs up to 8 PiB - 1.</summary>
    Bits53 = 8,
}

/// <summary>Conversions of <see cref="OffsetWidth"/>.</summary>
public static class OffsetWidths
{
    /// <summary>Every width, narrowest first.</summary>
    public static readonly IReadOnlyList<OffsetWidth> All =
        [OffsetWidth.Bits32, OffsetWidth.Bits48, OffsetWidth.Bits53];

    /// <summary>The size of an end marker in bytes.</summary>
    public static int Bytes(this OffsetWidth width) => (int)width;

    /// <summary>The bit count in the JavaScript codec's name: 32, 48 or 53.</summary>
    public static int Bits(this OffsetWidth width) => width == OffsetWidth.Bits53 ? 53 : 8 * (int)width;

    /// <summary>The largest end marker of the width, which is also the maximum file length in bytes.</summary>
    public static long FileBytesMax(this OffsetWidth width) =>
        width == OffsetWidth.Bits53 ? Offset.Max : (1L << (8 * (int)width)) - 1;
}
