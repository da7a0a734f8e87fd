using System.Runtime.CompilerServices;

namespace Flume.Ssb.Crypto;

/// <summary>Scuttlebutt's cryptography with libsodium: ed25519 signatures, X25519, secretbox and crypto_auth.</summary>
/// <remarks>
/// Each method checks the lengths first and throws <see cref="ArgumentException"/> for a wrong one. Invalid keys, boxes
/// and signatures of an attacker return false without an exception. Without libsodium, every member except
/// <see cref="Require"/> throws TypeInitializationException, so call that one first.
/// </remarks>
public static class Sodium
{
    /// <summary>Bytes of an ed25519 or X25519 public key.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>Bytes of an ed25519 secret key: the seed, then the public key.</summary>
    public const int SecretKeyBytes = 64;

    /// <summary>
    /// Bytes of an ed25519 seed, an X25519 secret key, a shared secret, a secretbox or crypto_auth key.
    /// </summary>
    public const int KeyBytes = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = 64;

    /// <summary>Bytes of a secretbox nonce.</summary>
    public const int NonceBytes = 24;

    /// <summary>The length of the tag at the start of a secretbox.</summary>
    public const int BoxTagBytes = 16;

    /// <summary>Bytes of a crypto_auth tag.</summary>
    public const int AuthTagBytes = 32;

    /// <summary>Loads the library.</summary>
    /// <exception cref="SodiumMissingException">libsodium is not installed. The message names the package.</exception>
    public static void Require()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(SodiumNative).TypeHandle);
        }
        catch (TypeInitializationException failed) when (failed.InnerException is SodiumMissingException missing)
        {
            throw new SodiumMissingException(missing.Message, failed);
        }
    }

    /// <summary>Fills <paramref name="buffer"/> with unpredictable bytes.</summary>
    public static void Random(Span<byte> buffer) => SodiumNative.randombytes_buf(buffer, (nuint)buffer.Length);

    /// <summary>Compares in constant time.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length == b.Length && SodiumNative.sodium_memcmp(a, b, (nuint)a.Length) == 0;

    /// <summary>Overwrites a secret with zeros. The compiler cannot remove this call.</summary>
    public static void Wipe(Span<byte> secret) => SodiumNative.sodium_memzero(secret, (nuint)secret.Length);

    /// <summary>The ed25519 key pair of a 32-byte seed.</summary>
    public static void SignKeyPair(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey)
    {
        Check(seed.Length, KeyBytes, nameof(seed));
        Check(publicKey.Length, PublicKeyBytes, nameof(publicKey));
        Check(secretKey.Length, SecretKeyBytes, nameof(secretKey));
        SodiumNative.crypto_sign_seed_keypair(publicKey, secretKey, seed);
    }

    /// <summary>Signs a message with ed25519.</summary>
    public static void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secretKey, Span<byte> signature)
    {
        Check(secretKey.Length, SecretKeyBytes, nameof(secretKey));
        Check(signature.Length, SignatureBytes, nameof(signature));
        SodiumNative.crypto_sign_detached(signature, 0, message, (ulong)message.Length, secretKey);
    }

    /// <summary>True if the signature is valid for this message and key.</summary>
    public static bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey) =>
        signature.Length == SignatureBytes && publicKey.Length == PublicKeyBytes
        && SodiumNative.crypto_sign_verify_detached(signature, message, (ulong)message.Length, publicKey) == 0;

    /// <summary>The X25519 key of an ed25519 public key; false if the key is not a point of the curve.</summary>
    public static bool ToCurvePublicKey(ReadOnlySpan<byte> publicKey, Span<byte> curveKey)
    {
        Check(curveKey.Length, PublicKeyBytes, nameof(curveKey));
        return publicKey.Length == PublicKeyBytes
            && SodiumNative.crypto_sign_ed25519_pk_to_curve25519(curveKey, publicKey) == 0;
    }

    /// <summary>The X25519 secret key of an ed25519 secret key.</summary>
    public static void ToCurveSecretKey(ReadOnlySpan<byte> secretKey, Span<byte> curveKey)
    {
        Check(secretKey.Length, SecretKeyBytes, nameof(secretKey));
        Check(curveKey.Length, KeyBytes, nameof(curveKey));
        SodiumNative.crypto_sign_ed25519_sk_to_curve25519(curveKey, secretKey);
    }

    /// <summary>A new X25519 key pair.</summary>
    public static void CurveKeyPair(Span<byte> publicKey, Span<byte> secretKey)
    {
        Check(publicKey.Length, PublicKeyBytes, nameof(publicKey));
        Check(secretKey.Length, KeyBytes, nameof(secretKey));
        SodiumNative.crypto_box_keypair(publicKey, secretKey);
    }

    /// <summary>Computes the X25519 shared secret; false for a key of low order.</summary>
    public static bool SharedSecret(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Check(secretKey.Length, KeyBytes, nameof(secretKey));
        Check(publicKey.Length, PublicKeyBytes, nameof(publicKey));
        Check(shared.Length, KeyBytes, nameof(shared));
        return SodiumNative.crypto_scalarmult(shared, secretKey, publicKey) == 0;
    }

    /// <summary>
    /// Encrypts into <paramref name="box"/>, which is <see cref="BoxTagBytes"/> longer than the message.
    /// </summary>
    public static void Box(ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, Span<byte> box)
    {
        Check(nonce.Length, NonceBytes, nameof(nonce));
        Check(key.Length, KeyBytes, nameof(key));
        Check(box.Length, message.Length + BoxTagBytes, nameof(box));
        SodiumNative.crypto_secretbox_easy(box, message, (ulong)message.Length, nonce, key);
    }

    /// <summary>Decrypts a box; false if it is too short or has another nonce or key.</summary>
    public static bool Unbox(
        ReadOnlySpan<byte> box, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, Span<byte> message)
    {
        Check(nonce.Length, NonceBytes, nameof(nonce));
        Check(key.Length, KeyBytes, nameof(key));
        if (box.Length < BoxTagBytes) return false;
        Check(message.Length, box.Length - BoxTagBytes, nameof(message));
        return SodiumNative.crypto_secretbox_open_easy(message, box, (ulong)box.Length, nonce, key) == 0;
    }

    /// <summary>libsodium's crypto_auth: HMAC-SHA512 truncated to 32 bytes.</summary>
    public static void Authenticate(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> tag)
    {
        Check(key.Length, KeyBytes, nameof(key));
        Check(tag.Length, AuthTagBytes, nameof(tag));
        SodiumNative.crypto_auth(tag, message, (ulong)message.Length, key);
    }

    /// <summary>True if the tag is valid for this message and key.</summary>
    public static bool IsAuthentic(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> message, ReadOnlySpan<byte> key) =>
        tag.Length == AuthTagBytes && key.Length == KeyBytes
        && SodiumNative.crypto_auth_verify(tag, message, (ulong)message.Length, key) == 0;

    private static void Check(int length, int expected, string name)
    {
        if (length == expected) return;
        throw new ArgumentException($"'{name}' has {length} bytes, but libsodium needs {expected}.", name);
    }
}
