using Flume.Codec.Crypto;

namespace Flume.Generate;

/// <summary>Makes private boxes whose nonce and keys come from the message's random stream, so that they repeat (spec.md 5.7).</summary>
internal sealed class BoxMaker(Cast cast)
{
    private const int NonceBytes = Sodium.NonceBytes, KeyBytes = Sodium.KeyBytes;
    private const int SlotBytes = Sodium.BoxTagBytes + 1 + KeyBytes;

    // X25519 with the curve's base point is how a public key comes from a secret one.
    private static ReadOnlySpan<byte> BasePoint =>
        [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] _box = new byte[8192];

    /// <summary>Replaces the content in the scribe's buffer by a box that <paramref name="readers"/> can open.</summary>
    public void Seal(Scribe scribe, ReadOnlySpan<int> readers)
    {
        ReadOnlySpan<byte> plain = scribe.Json.Written;
        int length = NonceBytes + KeyBytes + (readers.Length * SlotBytes) + Sodium.BoxTagBytes + plain.Length;
        if (_box.Length < length) _box = new byte[length * 2];
        Span<byte> box = _box.AsSpan(0, length);

        Span<byte> drawn = stackalloc byte[NonceBytes + KeyBytes + KeyBytes];
        scribe.Random.Fill(drawn);
        ReadOnlySpan<byte> nonce = drawn[..NonceBytes], once = drawn.Slice(NonceBytes, KeyBytes), key = drawn[^KeyBytes..];
        nonce.CopyTo(box);
        Sodium.SharedSecret(once, BasePoint, box.Slice(NonceBytes, KeyBytes));

        Span<byte> slot = stackalloc byte[1 + KeyBytes];
        Span<byte> shared = stackalloc byte[KeyBytes];
        slot[0] = (byte)readers.Length;
        key.CopyTo(slot[1..]);
        int at = NonceBytes + KeyBytes;
        for (int i = 0; i < readers.Length; i++, at += SlotBytes)
        {
            Sodium.SharedSecret(once, cast.CurveKey(readers[i]), shared);
            Sodium.Box(slot, nonce, shared, box.Slice(at, SlotBytes));
        }
        Sodium.Box(plain, nonce, key, box[at..]);
        scribe.Json.Truncate(0);
        scribe.Json.OpenString().Base64Of(box).Raw(".box\""u8);
    }
}
