using System.Runtime.InteropServices;

namespace Flume.Generate;

internal static unsafe partial class TempSodium
{
    [LibraryImport("libsodium.so.23")] public static partial int sodium_init();
    [LibraryImport("libsodium.so.23")] public static partial int crypto_sign_seed_keypair(byte* pk, byte* sk, byte* seed);
    [LibraryImport("libsodium.so.23")] public static partial int crypto_sign_detached(byte* sig, ulong* len, byte* m, ulong mlen, byte* sk);
    [LibraryImport("libsodium.so.23")] public static partial int crypto_sign_ed25519_pk_to_curve25519(byte* c, byte* e);
    [LibraryImport("libsodium.so.23")] public static partial int crypto_scalarmult(byte* q, byte* n, byte* p);
    [LibraryImport("libsodium.so.23")] public static partial int crypto_scalarmult_base(byte* q, byte* n);
    [LibraryImport("libsodium.so.23")] public static partial int crypto_secretbox_easy(byte* c, byte* m, ulong mlen, byte* n, byte* k);

    public static void KeyPair(ReadOnlySpan<byte> seed, Span<byte> pk, Span<byte> sk)
    { fixed (byte* s = seed, p = pk, k = sk) crypto_sign_seed_keypair(p, k, s); }
    public static void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> sk, Span<byte> sig)
    { fixed (byte* m = message, k = sk, s = sig) crypto_sign_detached(s, null, m, (ulong)message.Length, k); }
    public static void ToCurve(ReadOnlySpan<byte> pk, Span<byte> curve)
    { fixed (byte* p = pk, c = curve) crypto_sign_ed25519_pk_to_curve25519(c, p); }
    public static void X25519(ReadOnlySpan<byte> sk, ReadOnlySpan<byte> pk, Span<byte> q)
    { fixed (byte* s = sk, p = pk, o = q) crypto_scalarmult(o, s, p); }
    public static void X25519Base(ReadOnlySpan<byte> sk, Span<byte> q)
    { fixed (byte* s = sk, o = q) crypto_scalarmult_base(o, s); }
    public static void SecretBox(ReadOnlySpan<byte> m, ReadOnlySpan<byte> n, ReadOnlySpan<byte> k, Span<byte> c)
    { fixed (byte* mm = m, nn = n, kk = k, cc = c) crypto_secretbox_easy(cc, mm, (ulong)m.Length, nn, kk); }
}
