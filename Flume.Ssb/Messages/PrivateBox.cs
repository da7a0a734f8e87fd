using System.Buffers;
using System.Buffers.Text;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>Encryption of a message for at most seven readers (npm private-box 0.3; docs/spec 5.7).</summary>
/// <remarks>
/// nonce (24) | one-time public key (32) | n slots of 49 | body. Each slot is a secretbox of the 33-byte unbox key: n,
/// then 32 random bytes. Its key is the X25519 secret of the one-time key and one reader. The body is a secretbox under
/// those 32 bytes.
/// </remarks>
public static class PrivateBox
{
    /// <summary>The maximum number of readers of one box.</summary>
    public const int RecipientsMax = 7;

    /// <summary>The length of the unbox key: the number of slots, then the key of the body.</summary>
    public const int UnboxKeyBytes = 33;

    private const int SlotsAt = Sodium.NonceBytes + Sodium.PublicKeyBytes;
    private const int SlotBytes = UnboxKeyBytes + Sodium.BoxTagBytes;

    /// <summary>The suffix of every box's content string.</summary>
    public static ReadOnlySpan<byte> Suffix => ".box"u8;

    /// <summary>Encrypts a text for readers with 32-byte ed25519 public keys.</summary>
    /// <exception cref="ArgumentException">The number of readers is not 1 to <see cref="RecipientsMax"/>, or a key is
    /// not a point of the curve.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> plaintext, IReadOnlyList<byte[]> recipients)
    {
        int count = recipients.Count;
        if (count > RecipientsMax)
            throw new ArgumentException($"max recipients is:{RecipientsMax} found:{count}", nameof(recipients));
        var box = new byte[SlotsAt + (count * SlotBytes) + plaintext.Length + Sodium.BoxTagBytes];
        Span<byte> nonce = box.AsSpan(0, Sodium.NonceBytes), oneTime = stackalloc byte[Sodium.KeyBytes];
        Span<byte> unboxKey = stackalloc byte[UnboxKeyBytes];
        Sodium.Random(nonce);
        Sodium.Random(unboxKey[1..]);
        unboxKey[0] = (byte)count;
        Sodium.CurveKeyPair(box.AsSpan(Sodium.NonceBytes, Sodium.PublicKeyBytes), oneTime);
        Span<byte> reader = stackalloc byte[Sodium.PublicKeyBytes], shared = stackalloc byte[Sodium.KeyBytes];
        for (int i = 0; i < count; i++)
        {
            if (!Sodium.ToCurvePublicKey(recipients[i], reader) || !Sodium.SharedSecret(oneTime, reader, shared))
                throw new ArgumentException($"recipient {i} is no ed25519 public key", nameof(recipients));
            Sodium.Box(unboxKey, nonce, shared, box.AsSpan(SlotsAt + (i * SlotBytes), SlotBytes));
        }

        Sodium.Box(plaintext, nonce, unboxKey[1..], box.AsSpan(SlotsAt + (count * SlotBytes)));
        return box;
    }

    /// <summary>Tries every slot for one reader. False if no slot decrypts, or this is not a box.</summary>
    /// <param name="box">The decoded box.</param>
    /// <param name="curveSecretKey">The reader's X25519 secret key.</param>
    /// <param name="unboxKey">Receives <see cref="UnboxKeyBytes"/> bytes.</param>
    public static bool TryFindKey(ReadOnlySpan<byte> box, ReadOnlySpan<byte> curveSecretKey, Span<byte> unboxKey)
    {
        if (box.Length < SlotsAt + SlotBytes + Sodium.BoxTagBytes) return false;
        ReadOnlySpan<byte> nonce = box[..Sodium.NonceBytes];
        Span<byte> shared = stackalloc byte[Sodium.KeyBytes];
        if (!Sodium.SharedSecret(curveSecretKey, box[Sodium.NonceBytes..SlotsAt], shared)) return false;

        // The reference tries one slot more than the maximum. It could find a key in the body there.
        for (int i = 0; i <= RecipientsMax; i++)
        {
            int slot = SlotsAt + (i * SlotBytes);
            if (slot + SlotBytes > box.Length - Sodium.BoxTagBytes) return false;
            if (Sodium.Unbox(box.Slice(slot, SlotBytes), nonce, shared, unboxKey[..UnboxKeyBytes])) return true;
        }

        return false;
    }

    /// <summary>
    /// Decrypts a body with its unbox key into <paramref name="plaintext"/>, which has room for the box. Returns the
    /// text's length, or -1 for a wrong key.
    /// </summary>
    public static int Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> unboxKey, Span<byte> plaintext)
    {
        if (unboxKey.Length != UnboxKeyBytes || box.Length < SlotsAt) return -1;
        int body = SlotsAt + (unboxKey[0] * SlotBytes), length = box.Length - body - Sodium.BoxTagBytes;
        if (length < 0) return -1;
        return Sodium.Unbox(box[body..], box[..Sodium.NonceBytes], unboxKey[1..], plaintext[..length]) ? length : -1;
    }

    /// <summary>The content string of a box.</summary>
    public static string ToText(ReadOnlySpan<byte> box) => Convert.ToBase64String(box) + ".box";

    /// <summary>
    /// Decodes a content string into <paramref name="box"/>, which has at least the text's length. Returns the length,
    /// or -1 without the suffix <c>.box</c>.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> box) =>
        text.EndsWith(Suffix) ? DecodeText(text, box) : -1;

    /// <summary>
    /// Decodes a text of ssb-keys into <paramref name="box"/>, which has at least the text's length. It is as tolerant
    /// as <c>Buffer.from</c>: the text from the sigil to the first dot counts, characters outside base64 are skipped,
    /// and padding ends it.
    /// </summary>
    internal static int DecodeText(ReadOnlySpan<byte> text, Span<byte> box)
    {
        int dot = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> base64 = dot < 0 ? text : text[..dot];
        if (base64.Length > 0 && IsSigil(base64[0])) base64 = base64[1..];
        OperationStatus status = Base64.DecodeFromUtf8(base64, box, out int read, out int length);
        return status == OperationStatus.Done && read == base64.Length ? length : DecodeLeniently(base64, box);
    }

    /// <summary>
    /// Decodes the first bytes of a content string's box, a multiple of three. False if the string needs the tolerant
    /// decoder.
    /// </summary>
    internal static bool TryDecodeStart(ReadOnlySpan<byte> text, Span<byte> start)
    {
        if (text.Length > 0 && IsSigil(text[0])) text = text[1..];
        if (text.Length < start.Length / 3 * 4) return false;
        for (int from = 0, to = 0; to < start.Length; from += 4, to += 3)
        {
            int bits = (SixBits((char)text[from]) << 18) | (SixBits((char)text[from + 1]) << 12) |
                (SixBits((char)text[from + 2]) << 6) | SixBits((char)text[from + 3]);
            if (bits < 0) return false;
            (start[to], start[to + 1], start[to + 2]) = ((byte)(bits >> 16), (byte)(bits >> 8), (byte)bits);
        }

        return true;
    }

    private static bool IsSigil(byte c) => c is (byte)'@' or (byte)'%' or (byte)'&';

    private static int DecodeLeniently(ReadOnlySpan<byte> base64, Span<byte> box)
    {
        int bits = 0, kept = 0, length = 0;
        foreach (byte c in base64)
        {
            if (c == '=') break;
            int six = SixBits((char)c);
            if (six < 0) continue;
            bits = (bits << 6) | six;
            kept += 6;
            if (kept < 8) continue;
            kept -= 8;
            box[length++] = (byte)(bits >> kept);
        }

        return length;
    }

    private static int SixBits(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' or '-' => 62,
        '/' or '_' => 63,
        _ => -1,
    };
}
