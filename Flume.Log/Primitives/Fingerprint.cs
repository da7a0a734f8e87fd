using System.Buffers.Binary;
using System.IO.Hashing;

namespace Flume.Log.Primitives;

/// <summary>
/// A 64-bit hash of a string for a posting's key. It has a fixed size and is the same on every machine.
/// </summary>
/// <remarks>
/// Two strings can share a fingerprint, so a reader of postings checks the record. The order of fingerprints has no
/// meaning. Rows keyed by them support equality, followed by time or sequence ranges.
/// </remarks>
public static class Fingerprint
{
    /// <summary>The fingerprint of a string's unescaped UTF-8 bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> utf8) => XxHash3.HashToUInt64(utf8);

    /// <summary>The fingerprint of an ordered pair, for an index over two exact fields.</summary>
    public static ulong Of(ulong first, ulong second)
    {
        Span<byte> pair = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(pair, first);
        BinaryPrimitives.WriteUInt64LittleEndian(pair[8..], second);
        return XxHash3.HashToUInt64(pair);
    }
}
