using System.Buffers.Binary;
using System.IO.Hashing;

namespace Flume.Log.Primitives;

/// <summary>
/// A 64-bit stand-in for a string in a posting's key: fixed size, the same on every machine, nothing to look up.
/// </summary>
/// <remarks>
/// Two strings can share a fingerprint, so whoever reads postings checks the record itself. Fingerprints have no
/// order that means anything: rows keyed by them answer equality, and time or sequence ranges behind it.
/// </remarks>
public static class Fingerprint
{
    /// <summary>The fingerprint of a string's UTF-8 bytes (unescaped, as the string is, not as JSON spells it).</summary>
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
