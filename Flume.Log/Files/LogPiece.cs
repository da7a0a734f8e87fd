namespace Flume.Log;

/// <summary>Bytes of the log around one frame: those that were read at once, all others through the map.</summary>
/// <param name="map">The map of the file.</param>
/// <param name="start">The position of the first byte in <paramref name="bytes"/>.</param>
/// <param name="bytes">Bytes that were read; may be empty.</param>
internal readonly ref struct LogPiece(LogMap map, long start, ReadOnlySpan<byte> bytes)
{
    /// <summary>What one read fetches: most messages are shorter.</summary>
    public const int BytesMax = 4096;

    /// <summary>The part of it before the frame: the end marker and the length of the frame before.</summary>
    public const int BytesBefore = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The bytes at <paramref name="position"/>; valid as long as the piece.</summary>
    public ReadOnlySpan<byte> Span(long position, int bytes) =>
        Holds(position, bytes) ? _bytes.Slice((int)(position - start), bytes) : map.Span(position, bytes);

    /// <summary>Like <see cref="Span"/>. The memory stays valid.</summary>
    public ReadOnlyMemory<byte> Memory(long position, int bytes) =>
        Holds(position, bytes) ? Span(position, bytes).ToArray() : map.Memory(position, bytes);

    private bool Holds(long position, int bytes) => position >= start && position + bytes <= start + _bytes.Length;
}
