using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.Tools.Generate.Contents;
using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Signing;

/// <summary>
/// Creates private boxes with nonce and keys from the message's random stream, so that the bytes are reproducible.
/// </summary>
/// <remarks>
/// The codec's <see cref="PrivateBox"/> draws them at random, as real secrets require. Format: docs/spec 5.7.
/// </remarks>
internal sealed class BoxMaker(Authors authors)
{
    private const int NonceBytes = Sodium.NonceBytes, KeyBytes = Sodium.KeyBytes;
    private const int SlotBytes = PrivateBox.UnboxKeyBytes + Sodium.BoxTagBytes;

    // X25519 with the curve's base point computes a public key from a secret key.
    private static ReadOnlySpan<byte> BasePoint =>
        [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] _box = new byte[8192];

    /// <summary>
    /// Replaces the content in the writer's buffer by a box that <paramref name="readers"/> can open.
    /// </summary>
    public void Seal(RecordTextWriter writer, ReadOnlySpan<int> readers)
    {
        ReadOnlySpan<byte> plain = writer.Json.Written;
        int length = NonceBytes + KeyBytes + (readers.Length * SlotBytes) + Sodium.BoxTagBytes + plain.Length;
        if (_box.Length < length) _box = new byte[length * 2];
        Span<byte> box = _box.AsSpan(0, length);

        Span<byte> drawn = stackalloc byte[NonceBytes + KeyBytes + KeyBytes];
        writer.Random.Fill(drawn);
        ReadOnlySpan<byte> nonce = drawn[..NonceBytes], key = drawn[^KeyBytes..];
        ReadOnlySpan<byte> once = drawn.Slice(NonceBytes, KeyBytes);
        nonce.CopyTo(box);
        Sodium.SharedSecret(once, BasePoint, box.Slice(NonceBytes, KeyBytes));

        int body = NonceBytes + KeyBytes + (readers.Length * SlotBytes);
        Slots(box[(NonceBytes + KeyBytes)..body], drawn, readers);
        Sodium.Box(plain, nonce, key, box[body..]);
        writer.Json.Truncate(0);
        writer.Json.OpenString().Base64Of(box).Raw(".box\""u8);
    }

    /// <summary>Writes the body's key, once for every reader.</summary>
    private void Slots(Span<byte> slots, ReadOnlySpan<byte> drawn, ReadOnlySpan<int> readers)
    {
        Span<byte> shared = stackalloc byte[KeyBytes];
        Span<byte> slot = stackalloc byte[PrivateBox.UnboxKeyBytes];
        slot[0] = (byte)readers.Length;
        drawn[^KeyBytes..].CopyTo(slot[1..]);
        for (int i = 0; i < readers.Length; i++)
        {
            Sodium.SharedSecret(drawn.Slice(NonceBytes, KeyBytes), authors.CurveKey(readers[i]), shared);
            Sodium.Box(slot, drawn[..NonceBytes], shared, slots.Slice(i * SlotBytes, SlotBytes));
        }
    }
}
