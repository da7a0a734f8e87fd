using System.Buffers.Binary;
using System.Text;
using Flume.Log;

namespace Flume.Views.Store;

/// <summary>The checkpoint as a row: which view the store belongs to, and what its rows reflect.</summary>
internal static class MetaRow
{
    /// <summary>Changes when any row of a store is laid out differently.</summary>
    private const byte Format = 1;

    private const int FixedLength = 38;

    internal static ReadOnlySpan<byte> Key => [RowKey.Meta];

    internal static byte[] Encode(string view, Checkpoint checkpoint)
    {
        int nameLength = Encoding.UTF8.GetByteCount(view);
        byte[] value = new byte[FixedLength + nameLength];
        value[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), checkpoint.Version);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(5), checkpoint.Since.Value);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(13), checkpoint.BasePostings);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(21), checkpoint.OverlayPostings);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(29), checkpoint.Skipped);
        value[37] = (byte)nameLength;
        Encoding.UTF8.GetBytes(view, value.AsSpan(FixedLength));
        return value;
    }

    /// <summary>The checkpoint of a row; an absent row is that of an empty store.</summary>
    /// <exception cref="StoreDamagedException">It is no checkpoint, or that of another view.</exception>
    internal static Checkpoint Decode(byte[]? value, string view, string store)
    {
        if (value is null) return Checkpoint.Empty;
        if (value.Length < FixedLength || value[0] != Format || value.Length != FixedLength + value[37])
        {
            string found = value.Length == 0 ? "nothing" : $"format {value[0]} in {value.Length} bytes";
            throw new StoreDamagedException(store, "checkpoint", $"expected format {Format}, found {found}");
        }

        string owner = Encoding.UTF8.GetString(value.AsSpan(FixedLength));
        if (owner != view)
            throw new StoreDamagedException(store, "checkpoint", $"it holds view '{owner}', not '{view}'");
        return new Checkpoint(
            BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1)),
            new Offset(BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(5))),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(13)),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(21)),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(29)));
    }
}
