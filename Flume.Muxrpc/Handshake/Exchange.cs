using System.Security.Cryptography;
using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>
/// The common part of both sides of a handshake: ephemeral keys, challenges, and hashes of secrets (docs/spec 6.3).
/// </summary>
/// <remarks>
/// K is the network key. (a, A) and (b, B) are the long-term keys of client and server. a' and b' are the ephemeral
/// keys.
/// <see cref="Dispose"/> wipes the secrets.
/// </remarks>
internal sealed class Exchange : IDisposable
{
    /// <summary>Bytes of the first message of each side: a tag and an ephemeral public key.</summary>
    public const int ChallengeBytes = Sodium.AuthTagBytes + Sodium.PublicKeyBytes;

    /// <summary>Bytes of the client's second message.</summary>
    public const int AuthenticationBytes = Sodium.BoxTagBytes + Sodium.SignatureBytes + Sodium.PublicKeyBytes;

    /// <summary>Bytes of the server's second message.</summary>
    public const int AcceptanceBytes = Sodium.BoxTagBytes + Sodium.SignatureBytes;

    private static readonly byte[] ZeroNonce = new byte[Sodium.NonceBytes];

    private readonly NetworkKey _network;
    private readonly byte[] _ephemeralSecret = new byte[Sodium.KeyBytes];
    private readonly byte[] _ephemeralPublic = new byte[Sodium.PublicKeyBytes];
    private readonly byte[] _theirPublic = new byte[Sodium.PublicKeyBytes];
    private readonly byte[] _shared = new byte[Sodium.KeyBytes];

    /// <summary>Creates a new ephemeral key.</summary>
    public Exchange(NetworkKey network)
    {
        _network = network;
        Sodium.CurveKeyPair(_ephemeralPublic, _ephemeralSecret);
        Sodium.Authenticate(_ephemeralPublic, network.Bytes, OwnTag);
    }

    /// <summary>The tag that this side sends. Its first half becomes a nonce later.</summary>
    public byte[] OwnTag { get; } = new byte[Sodium.AuthTagBytes];

    /// <summary>The tag that the peer sent.</summary>
    public byte[] PeerTag { get; } = new byte[Sodium.AuthTagBytes];

    /// <summary>SHA256 of a'b'. Both sides sign it.</summary>
    public byte[] SharedHash { get; } = new byte[Sodium.KeyBytes];

    /// <summary>Writes the first message of this side.</summary>
    public void WriteChallenge(Span<byte> message)
    {
        OwnTag.CopyTo(message);
        _ephemeralPublic.CopyTo(message[Sodium.AuthTagBytes..]);
    }

    /// <summary>
    /// Reads the peer's first message. False if it has another network key or a low-order public key.
    /// </summary>
    public bool TakeChallenge(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> tag = message[..Sodium.AuthTagBytes], key = message[Sodium.AuthTagBytes..];
        if (!Sodium.IsAuthentic(tag, key, _network.Bytes)) return false;
        if (!Sodium.SharedSecret(_ephemeralSecret, key, _shared)) return false;
        tag.CopyTo(PeerTag);
        key.CopyTo(_theirPublic);
        SHA256.HashData(_shared, SharedHash);
        return true;
    }

    /// <summary>X25519 of a long-term secret and the peer's ephemeral key.</summary>
    public bool TryShareLongTerm(ReadOnlySpan<byte> curveSecret, Span<byte> secret) =>
        Sodium.SharedSecret(curveSecret, _theirPublic, secret);

    /// <summary>X25519 of this side's ephemeral secret and the peer's long-term ed25519 key.</summary>
    public bool TryShareEphemeral(ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        Span<byte> curve = stackalloc byte[Sodium.PublicKeyBytes];
        return Sodium.ToCurvePublicKey(publicKey, curve) && Sodium.SharedSecret(_ephemeralSecret, curve, secret);
    }

    /// <summary>SHA256 of K, a'b' and further shared secrets: the key of one box of the handshake.</summary>
    public void Key(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> key)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_network.Bytes);
        hash.AppendData(_shared);
        hash.AppendData(first);
        hash.AppendData(second);
        hash.GetHashAndReset(key);
    }

    /// <summary>The bytes to sign: K, a value of the other side, and <see cref="SharedHash"/>.</summary>
    public byte[] Statement(ReadOnlySpan<byte> about) => [.. _network.Bytes, .. about, .. SharedHash];

    /// <summary>Encrypts with the zero nonce. Each key of a handshake is used only once.</summary>
    public static void Box(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> box) =>
        Sodium.Box(message, ZeroNonce, key, box);

    /// <summary>Decrypts a box with the zero nonce.</summary>
    public static bool Unbox(ReadOnlySpan<byte> box, ReadOnlySpan<byte> key, Span<byte> message) =>
        Sodium.Unbox(box, ZeroNonce, key, message);

    /// <inheritdoc/>
    public void Dispose()
    {
        Sodium.Wipe(_ephemeralSecret);
        Sodium.Wipe(_shared);
        Sodium.Wipe(SharedHash);
    }
}
