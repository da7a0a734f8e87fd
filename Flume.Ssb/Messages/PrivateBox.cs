using System.Buffers;
using System.Buffers.Text;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>The box that hides a message from all but seven readers (npm private-box 0.3; docs/spec 5.7).</summary>
/// <remarks>
/// nonce (24) | one-time public key (32) | n slots of 49 | body. Each slot is a secretbox of the 33-byte unbox key (n,
/// then 32 random bytes), keyed with the X25519 secret of the one-time key and one reader. The body is a secretbox
/// under those 32 bytes.
/// </remarks>
public static class PrivateBox
{
    /// <summary>The most readers of one box.</summary>
    public const int RecipientsMax = 7;

    /// <summary>Bytes of the key that opens a box for anyone: how many slots, then the key of the body.</summary>
    public const int UnboxKeyBytes = 33;

    private const int SlotsAt = Sodium.NonceBytes + Sodium.PublicKeyBytes;
    private const int SlotBytes = UnboxKeyBytes + Sodium.BoxTagBytes;

    /// <summary>What the content string of every box ends with.</summary>
    public static ReadOnlySpan<byte> Suffix => ".box"u8;

    /// <summary>Boxes a text for readers given as ed25519 public keys of 32 bytes each.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="RecipientsMax"/> readers, or none, or one of
    /// the keys is no point of the curve.</exception>
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

    /// <summary>Tries every slot for one reader. False when none is for them, or this is no box.</summary>
    /// <param name="box">The decoded box.</param>
    /// <param name="curveSecretKey">The reader's X25519 secret key.</param>
    /// <param name="unboxKey">Receives <see cref="UnboxKeyBytes"/> bytes.</param>
    public static bool TryFindKey(ReadOnlySpan<byte> box, ReadOnlySpan<byte> curveSecretKey, Span<byte> unboxKey)
    {
        if (box.Length < SlotsAt + SlotBytes + Sodium.BoxTagBytes) return false;
        ReadOnlySpan<byte> nonce = box[..Sodium.NonceBytes];
        Span<byte> shared = stackalloc byte[Sodium.KeyBytes];
        if (!Sodium.SharedSecret(curveSecretKey, box[Sodium.NonceBytes..SlotsAt], shared)) return false;

        // The reference tries one slot more than a box can have; a body that opens as a slot would be found there too.
        for (int i = 0; i <= RecipientsMax; i++)
        {
            int slot = SlotsAt + (i * SlotBytes);
            if (slot + SlotBytes > box.Length - Sodium.BoxTagBytes) return false;
            if (Sodium.Unbox(box.Slice(slot, SlotBytes), nonce, shared, unboxKey[..UnboxKeyBytes])) return true;
        }

        return false;
    }

    /// <summary>
    /// Opens a body with its unbox key; <paramref name="plaintext"/> has room for the box. Returns the length of the
    /// text, or -1 when the key is not this box's.
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
    /// The bytes of a content string, into <paramref name="box"/>, which has room for as many as the text has; -1 when
    /// it does not end in <c>.box</c>.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> box) => text.EndsWith(Suffix) ? DecodeText(text, box) : -1;

    /// <summary>
    /// The bytes of a text of ssb-keys, into <paramref name="box"/>, which has room for as many as the text has. As
    /// forgiving as <c>Buffer.from</c>: the text from its sigil to its first dot counts, characters outside base64 are
    /// passed over, and padding ends it.
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
    /// The first bytes of a content string's box, a multiple of three; false when whoever decodes it must take care.
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
