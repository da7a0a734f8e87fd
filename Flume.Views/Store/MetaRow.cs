using System.Buffers.Binary;
using System.Text;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>The checkpoint row: the view of the store and the state that its rows reflect.</summary>
internal static class MetaRow
{
    /// <summary>The format number. It changes with the layout of any row of a store.</summary>
    private const byte Format = 1;

    private const int FixedLength = 38;

    /// <summary>
    /// The size of the log fingerprint after the view's name. Stores of earlier versions end with the name.
    /// </summary>
    private const int FingerprintLength = 4;

    internal static ReadOnlySpan<byte> Key => [RowKey.Meta];

    internal static byte[] Encode(string view, Checkpoint checkpoint)
    {
        int nameLength = Encoding.UTF8.GetByteCount(view);
        byte[] value = new byte[FixedLength + nameLength + FingerprintLength];
        value[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), checkpoint.Version);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(5), checkpoint.Since.Value);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(13), checkpoint.BasePostings);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(21), checkpoint.OverlayPostings);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(29), checkpoint.Skipped);
        value[37] = (byte)nameLength;
        Encoding.UTF8.GetBytes(view, value.AsSpan(FixedLength));
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(FixedLength + nameLength), checkpoint.Fingerprint);
        return value;
    }

    /// <summary>Decodes a checkpoint row. A missing row is the checkpoint of an empty store.</summary>
    /// <exception cref="StoreDamagedException">The row is not a checkpoint, or belongs to another view.</exception>
    internal static Checkpoint Decode(byte[]? value, string view, string store)
    {
        if (value is null) return Checkpoint.Empty;
        int named = value.Length < FixedLength ? 0 : FixedLength + value[37];
        bool hasFingerprint = value.Length == named + FingerprintLength;
        if (value.Length < FixedLength || value[0] != Format || (value.Length != named && !hasFingerprint))
        {
            string found = value.Length == 0 ? "nothing" : $"format {value[0]} in {value.Length} bytes";
            throw new StoreDamagedException(store, "checkpoint", $"expected format {Format}, found {found}");
        }

        string owner = Encoding.UTF8.GetString(value.AsSpan(FixedLength, value[37]));
        if (owner != view)
            throw new StoreDamagedException(store, "checkpoint", $"it holds view '{owner}', not '{view}'");
        return new Checkpoint(
            BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1)),
            new Offset(BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(5))),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(13)),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(21)),
            BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(29)))
        {
            Fingerprint = hasFingerprint ? BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(named)) : 0,
        };
    }
}
