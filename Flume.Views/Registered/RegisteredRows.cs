using System.Buffers.Binary;
using System.Text;
using Flume.Log;

namespace Flume.Views.Registered;

/// <summary>The keys and values of registered views' rows.</summary>
/// <remarks>
/// <code>
///  01 offset            JSON                    an item of a declared view, in log order
///  02 group             offset, accumulators    a group; the offset is that of the last record that changed it
///  03                   count                   how many groups there are
///  04                   JSON                    a client view's state
///  05 key (UTF-8)       offset, JSON            a client view's row; the offset is the since of the commit that set it
/// </code>
/// Offsets and counts are 8-byte big-endian numbers, so items sort in log order.
/// </remarks>
internal static class RegisteredRows
{
    /// <summary>The length of the offset before a value.</summary>
    public const int OffsetBytes = 8;

    /// <summary>The first byte of an item's key.</summary>
    public const byte Item = 1;

    /// <summary>The first byte of a group's key.</summary>
    public const byte Group = 2;

    /// <summary>The first byte of a client row's key.</summary>
    public const byte Row = 5;

    /// <summary>The key of the count of groups.</summary>
    public static ReadOnlySpan<byte> Count => [3];

    /// <summary>The key of a client view's state.</summary>
    public static ReadOnlySpan<byte> State => [4];

    /// <summary>The key of an item.</summary>
    public static byte[] ItemKey(long offset)
    {
        byte[] key = new byte[1 + OffsetBytes];
        key[0] = Item;
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(1), offset);
        return key;
    }

    /// <summary>The offset of an item's key, or of a value that begins with one.</summary>
    public static Offset OffsetOf(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64BigEndian(bytes));

    /// <summary>The key of a client's row.</summary>
    public static byte[] RowKey(string key) => [Row, .. Encoding.UTF8.GetBytes(key)];

    /// <summary>A value that follows the offset of its last change.</summary>
    public static byte[] Changed(long offset, ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[OffsetBytes + value.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, offset);
        value.CopyTo(bytes.AsSpan(OffsetBytes));
        return bytes;
    }
}
