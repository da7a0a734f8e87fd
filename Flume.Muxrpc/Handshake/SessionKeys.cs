using System.Security.Cryptography;
using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>
/// The result of a handshake: the keys of both directions and the peer's public key (docs/spec 6.3).
/// </summary>
internal sealed class SessionKeys
{
    /// <summary>Derives the keys of both directions.</summary>
    /// <param name="secret">The hash that both sides computed.</param>
    /// <param name="own">This side's long-term key and the tag it sent.</param>
    /// <param name="peer">The peer's long-term key and the tag it sent.</param>
    public SessionKeys(ReadOnlySpan<byte> secret, HandshakeSide own, HandshakeSide peer)
    {
        Peer = peer.PublicKey.ToArray();
        Span<byte> session = stackalloc byte[Sodium.KeyBytes + Sodium.PublicKeyBytes];
        SHA256.HashData(secret, session);
        peer.PublicKey.CopyTo(session[Sodium.KeyBytes..]);
        SHA256.HashData(session, EncryptKey);
        own.PublicKey.CopyTo(session[Sodium.KeyBytes..]);
        SHA256.HashData(session, DecryptKey);
        Sodium.Wipe(session);
        EncryptNonce = peer.Tag[..Sodium.NonceBytes].ToArray();
        DecryptNonce = own.Tag[..Sodium.NonceBytes].ToArray();
    }

    /// <summary>The peer's long-term public key, which the handshake verified.</summary>
    public byte[] Peer { get; }

    /// <summary>The key for sent boxes.</summary>
    public byte[] EncryptKey { get; } = new byte[Sodium.KeyBytes];

    /// <summary>The nonce of the first sent box.</summary>
    public byte[] EncryptNonce { get; }

    /// <summary>The key for received boxes.</summary>
    public byte[] DecryptKey { get; } = new byte[Sodium.KeyBytes];

    /// <summary>The nonce of the first received box.</summary>
    public byte[] DecryptNonce { get; }
}

/// <summary>The values of one side of a handshake that its session keys depend on.</summary>
/// <param name="publicKey">Its long-term public key.</param>
/// <param name="tag">The tag at the start of its first message.</param>
internal readonly ref struct HandshakeSide(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> tag)
{
    /// <summary>Its long-term public key.</summary>
    public ReadOnlySpan<byte> PublicKey { get; } = publicKey;

    /// <summary>The tag at the start of its first message.</summary>
    public ReadOnlySpan<byte> Tag { get; } = tag;
}
