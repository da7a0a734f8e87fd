using System.Buffers.Binary;

namespace Flume.Views.Store;

/// <summary>The keys of a store's rows in RocksDB. FORMAT.md specifies them.</summary>
internal static class RowKey
{
    /// <summary>A packed block of postings. Its key is its last posting.</summary>
    internal const byte Block = 0x01;

    /// <summary>One live posting. The value is empty.</summary>
    internal const byte Live = 0x02;

    /// <summary>A plain row. The view's key follows the kind.</summary>
    internal const byte Plain = 0x03;

    /// <summary>
    /// The checkpoint's key. It sorts last: a bulk load writes rows in key order and knows the posting count only
    /// after the last posting.
    /// </summary>
    internal const byte Meta = 0xFF;

    /// <summary>The key length of a block or a live posting: kind, index, A, B, offset.</summary>
    internal const int PostingLength = 26;

    /// <summary>Writes the key of a posting. Its unsigned big-endian fields sort in posting order.</summary>
    internal static void Write(Span<byte> key, byte kind, byte index, in Posting posting)
    {
        key[0] = kind;
        key[1] = index;
        BinaryPrimitives.WriteUInt64BigEndian(key[2..], posting.A);
        BinaryPrimitives.WriteUInt64BigEndian(key[10..], posting.B);
        BinaryPrimitives.WriteInt64BigEndian(key[18..], posting.Offset);
    }

    /// <summary>True if the key has this kind and index. <see cref="ReadPosting"/> can then read it.</summary>
    internal static bool Is(ReadOnlySpan<byte> key, byte kind, byte index) =>
        key.Length == PostingLength && key[0] == kind && key[1] == index;

    /// <summary>The posting of a key.</summary>
    internal static Posting ReadPosting(ReadOnlySpan<byte> key) => new(
        BinaryPrimitives.ReadUInt64BigEndian(key[2..]),
        BinaryPrimitives.ReadUInt64BigEndian(key[10..]),
        BinaryPrimitives.ReadInt64BigEndian(key[18..]));

    /// <summary>The key of a plain row.</summary>
    internal static byte[] PlainKey(ReadOnlySpan<byte> key)
    {
        byte[] full = new byte[1 + key.Length];
        full[0] = Plain;
        key.CopyTo(full.AsSpan(1));
        return full;
    }
}
