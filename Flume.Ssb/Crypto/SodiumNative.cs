using System.Reflection;
using System.Runtime.InteropServices;

namespace Flume.Ssb.Crypto;

/// <summary>The libsodium functions that Scuttlebutt needs, as declared in C.</summary>
internal static partial class SodiumNative
{
    private const string Library = "sodium";

    // The package's file first, then the names of distributions.
    private static readonly string[] Names = ["libsodium", "libsodium.so.26", "libsodium.so.23"];

    /// <summary>Loads the library before the first call.</summary>
    /// <exception cref="SodiumMissingException">The library was not found.</exception>
    static SodiumNative()
    {
        NativeLibrary.SetDllImportResolver(typeof(SodiumNative).Assembly, Resolve);
        if (sodium_init() < 0)
            throw new SodiumMissingException("libsodium is there, but its sodium_init failed. Reinstall it.", null);
    }

    [LibraryImport(Library)]
    public static partial int sodium_init();

    [LibraryImport(Library)]
    public static partial void randombytes_buf(Span<byte> buffer, nuint length);

    [LibraryImport(Library)]
    public static partial int sodium_memcmp(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, nuint length);

    [LibraryImport(Library)]
    public static partial void sodium_memzero(Span<byte> buffer, nuint length);

    [LibraryImport(Library)]
    public static partial int crypto_sign_seed_keypair(Span<byte> pk, Span<byte> sk, ReadOnlySpan<byte> seed);

    [LibraryImport(Library)]
    public static partial int crypto_sign_detached(
        Span<byte> signature, nint lengthOut, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> sk);

    [LibraryImport(Library)]
    public static partial int crypto_sign_verify_detached(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> pk);

    [LibraryImport(Library)]
    public static partial int crypto_sign_ed25519_pk_to_curve25519(Span<byte> curvePk, ReadOnlySpan<byte> pk);

    [LibraryImport(Library)]
    public static partial int crypto_sign_ed25519_sk_to_curve25519(Span<byte> curveSk, ReadOnlySpan<byte> sk);

    [LibraryImport(Library)]
    public static partial int crypto_box_keypair(Span<byte> pk, Span<byte> sk);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult(Span<byte> shared, ReadOnlySpan<byte> sk, ReadOnlySpan<byte> pk);

    [LibraryImport(Library)]
    public static partial int crypto_secretbox_easy(
        Span<byte> box, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key);

    [LibraryImport(Library)]
    public static partial int crypto_secretbox_open_easy(
        Span<byte> message, ReadOnlySpan<byte> box, ulong length, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key);

    [LibraryImport(Library)]
    public static partial int crypto_auth(
        Span<byte> tag, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> key);

    [LibraryImport(Library)]
    public static partial int crypto_auth_verify(
        ReadOnlySpan<byte> tag, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> key);

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != Library) return 0;
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, assembly, path, out nint handle)) return handle;
        }

        throw new SodiumMissingException(
            "libsodium could not be loaded, so nothing can be signed, verified or decrypted. Looked for "
            + $"{string.Join(", ", Names)}. The NuGet package libsodium brings it for this platform: "
            + "publish Flume with its runtimes folder, or install libsodium.", null);
    }
}
