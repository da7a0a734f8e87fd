using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>An identity's ed25519 key pair, for signing and for decrypting boxes.</summary>
/// <remarks>Only <see cref="SecretFile"/> writes the secret to disk.</remarks>
public sealed class FeedKeys
{
    private readonly byte[] _secretKey;
    private readonly byte[] _curveSecret = new byte[Sodium.KeyBytes];

    private FeedKeys(byte[] publicKey, byte[] secretKey)
    {
        PublicKey = publicKey;
        _secretKey = secretKey;
        Sodium.ToCurveSecretKey(secretKey, _curveSecret);
        Id = Ref.Feed(publicKey);
    }

    /// <summary>The feed id: <c>@….ed25519</c>.</summary>
    public string Id { get; }

    /// <summary>The 32 bytes of the public key.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The 64 bytes of the secret key: the seed, then the public key.</summary>
    public ReadOnlySpan<byte> SecretKey => _secretKey;

    /// <summary>The X25519 secret key that decrypts private messages.</summary>
    public ReadOnlySpan<byte> CurveSecretKey => _curveSecret;

    /// <summary>Generates a new identity.</summary>
    /// <exception cref="SodiumMissingException">libsodium is not installed.</exception>
    public static FeedKeys Generate()
    {
        Sodium.Require();
        Span<byte> seed = stackalloc byte[Sodium.KeyBytes];
        Sodium.Random(seed);
        FeedKeys keys = FromSeed(seed);
        Sodium.Wipe(seed);
        return keys;
    }

    /// <summary>The identity of a 32-byte seed. The same seed always gives the same keys.</summary>
    /// <exception cref="SodiumMissingException">libsodium is not installed.</exception>
    public static FeedKeys FromSeed(ReadOnlySpan<byte> seed)
    {
        Sodium.Require();
        var publicKey = new byte[Sodium.PublicKeyBytes];
        var secretKey = new byte[Sodium.SecretKeyBytes];
        Sodium.SignKeyPair(seed, publicKey, secretKey);
        return new FeedKeys(publicKey, secretKey);
    }

    /// <summary>Writes the 64-byte signature of <paramref name="message"/>.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => Sodium.Sign(message, _secretKey, signature);

    /// <summary>The id. It keeps the secret out of logs and debuggers.</summary>
    public override string ToString() => Id;
}
