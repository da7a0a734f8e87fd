using System.Security.Cryptography;
using Flume.Ssb.Crypto;
using Xunit;

namespace Flume.Ssb.Tests.Crypto;

/// <summary>Tests of the libsodium wrapper: a published vector, round trips, wrong lengths and hostile input.</summary>
public class SodiumTests
{
    [Fact]
    public void Ed25519_gives_the_signature_of_RFC_8032()
    {
        byte[] seed = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        byte[] publicKey = new byte[32], secretKey = new byte[64], signature = new byte[64];
        Sodium.SignKeyPair(seed, publicKey, secretKey);
        Sodium.Sign([0x72], secretKey, signature);
        Assert.Equal(
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", Convert.ToHexStringLower(publicKey));
        Assert.Equal(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            Convert.ToHexStringLower(signature));
        Assert.True(Sodium.Verify(signature, [0x72], publicKey));
        Assert.False(Sodium.Verify(signature, [0x73], publicKey));
        Assert.False(Sodium.Verify(signature.AsSpan(1), [0x72], publicKey));
    }

    [Fact]
    public void Both_ends_of_X25519_share_a_secret_also_with_converted_keys()
    {
        byte[] onePublic = new byte[32], oneSecret = new byte[32], identity = new byte[32], secretKey = new byte[64];
        byte[] curvePublic = new byte[32], curveSecret = new byte[32], here = new byte[32], there = new byte[32];
        Sodium.CurveKeyPair(onePublic, oneSecret);
        Sodium.SignKeyPair(RandomNumberGenerator.GetBytes(32), identity, secretKey);
        Assert.True(Sodium.ToCurvePublicKey(identity, curvePublic));
        Sodium.ToCurveSecretKey(secretKey, curveSecret);
        Assert.True(Sodium.SharedSecret(oneSecret, curvePublic, here));
        Assert.True(Sodium.SharedSecret(curveSecret, onePublic, there));
        Assert.True(Sodium.AreEqual(here, there));
        Sodium.Wipe(here);
        Assert.False(Sodium.AreEqual(here, there));
    }

    [Fact]
    public void Keys_that_an_attacker_chose_are_refused()
    {
        byte[] anything = new byte[32], mine = RandomNumberGenerator.GetBytes(32);
        Assert.False(Sodium.SharedSecret(mine, new byte[32], anything));
        Assert.False(Sodium.ToCurvePublicKey(new byte[32], anything));
        Assert.False(Sodium.ToCurvePublicKey(new byte[31], anything));
    }

    [Fact]
    public void A_box_opens_with_its_key_alone()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32), nonce = new byte[24];
        byte[] box = new byte[21], message = new byte[5];
        Sodium.Box("hello"u8, nonce, key, box);
        Assert.True(Sodium.Unbox(box, nonce, key, message));
        Assert.Equal("hello"u8.ToArray(), message);
        box[3] ^= 1;
        Assert.False(Sodium.Unbox(box, nonce, key, message));
        Assert.False(Sodium.Unbox(box.AsSpan(0, 15), nonce, key, message));
    }

    [Fact]
    public void Authentication_is_the_first_half_of_HMAC_SHA512()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32), tag = new byte[32];
        Sodium.Authenticate("hello"u8, key, tag);
        Assert.Equal(HMACSHA512.HashData(key, "hello"u8)[..32], tag);
        Assert.True(Sodium.IsAuthentic(tag, "hello"u8, key));
        Assert.False(Sodium.IsAuthentic(tag, "hellO"u8, key));
    }

    [Fact]
    public void A_wrong_length_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Sodium.Sign([], new byte[32], new byte[64]));
        Assert.Contains("'secretKey' has 32 bytes, but libsodium needs 64.", error.Message);
    }
}
