namespace Flume.Log;

/// <summary>
/// How many bytes a frame's end marker takes: the <c>offsetCodec</c> of flumelog-offset. The value is that byte count.
/// </summary>
public enum OffsetWidth
{
    /// <summary>4 bytes, logs up to 4 GiB - 1. What ssb-db always uses.</summary>
    Bits32 = 4,

    /// <summary>6 bytes, logs up to 256 TiB - 1.</summary>
    Bits48 = 6,

    /// <summary>8 bytes of which 53 bits are used, logs up to 8 PiB - 1.</summary>
    Bits53 = 8,
}

/// <summary>The arithmetic of <see cref="OffsetWidth"/>.</summary>
public static class OffsetWidths
{
    /// <summary>Every width, narrowest first.</summary>
    public static readonly IReadOnlyList<OffsetWidth> All =
        [OffsetWidth.Bits32, OffsetWidth.Bits48, OffsetWidth.Bits53];

    /// <summary>Bytes of an end marker.</summary>
    public static int Bytes(this OffsetWidth width) => (int)width;

    /// <summary>Bits as JavaScript names the codec: 32, 48 or 53.</summary>
    public static int Bits(this OffsetWidth width) => width == OffsetWidth.Bits53 ? 53 : 8 * (int)width;

    /// <summary>
    /// The largest end marker, which is the largest file length in bytes, that the width can express.
    /// </summary>
    public static long FileBytesMax(this OffsetWidth width) =>
        width == OffsetWidth.Bits53 ? Offset.Max : (1L << (8 * (int)width)) - 1;
}
