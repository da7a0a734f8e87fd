using System.Text.RegularExpressions;
using Flume.Query.Json;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>Signs and verifies the values of messages with ed25519 (docs/spec 5.3).</summary>
public static partial class MessageSignature
{
    private const string Suffix = ".sig.ed25519";
    private const string Six = "[a-zA-Z0-9/+]";
    private const string Base64 = $"(?:{Six}{{4}})*(?:{Six}(?:[AQgw]==|{Six}[AEIMQUYcgkosw048]=))?";

    /// <summary>The value with its signature as the last member.</summary>
    /// <param name="unsigned">The value without a signature.</param>
    /// <param name="keys">The keys of the signer.</param>
    /// <param name="hmacKey">The 32-byte key of a network, which makes its signatures invalid in other networks; empty
    /// for none.</param>
    public static JsObject Sign(JsObject unsigned, FeedKeys keys, ReadOnlySpan<byte> hmacKey = default)
    {
        Span<byte> tag = stackalloc byte[Sodium.AuthTagBytes];
        ReadOnlySpan<byte> bytes = Authenticated(JsWriter.ToUtf8(JsValue.From(unsigned), 2).Span, hmacKey, tag);
        Span<byte> signature = stackalloc byte[Sodium.SignatureBytes];
        keys.Sign(bytes, signature);
        return unsigned.Copy().Set("signature", JsValue.From(Convert.ToBase64String(signature) + Suffix));
    }

    /// <summary>True if the value has a valid signature of its author.</summary>
    /// <param name="value">The signed value.</param>
    /// <param name="hmacKey">As for <see cref="Sign"/>.</param>
    public static bool Verify(JsObject value, ReadOnlySpan<byte> hmacKey = default) =>
        Verify(value, new CanonicalMessage(JsValue.From(value)), hmacKey);

    /// <summary>As above, for a value with a known canonical text.</summary>
    internal static bool Verify(JsObject value, CanonicalMessage canonical, ReadOnlySpan<byte> hmacKey)
    {
        JsValue author = value["author"], signature = value["signature"];
        if (!author.IsString || !signature.IsString) return false;
        if (!TryKey(author.AsString, out byte[] publicKey)) return false;
        if (!TryBytes(signature.AsString, out byte[] bytes)) return false;
        Span<byte> tag = stackalloc byte[Sodium.AuthTagBytes];
        ReadOnlySpan<byte> message = Authenticated(canonical.Unsigned(value).Span, hmacKey, tag);
        return Sodium.Verify(bytes, message, publicKey);
    }

    /// <summary>
    /// True if a signature has the form of the author's curve: 88 characters of canonical base64, <c>.sig.</c> and the
    /// curve.
    /// </summary>
    internal static bool FitsCurve(string signature, string author)
    {
        if (!Form().IsMatch(signature)) return false;
        Match curve = Curve().Match(author);
        if (!curve.Success) return false;
        string suffix = ".sig." + curve.Groups[1].Value;
        return signature.Length == 88 + suffix.Length && signature.EndsWith(suffix, StringComparison.Ordinal);
    }

    /// <summary>True if a string is canonical base64.</summary>
    internal static bool IsCanonicalBase64(string text) => Canonical().IsMatch(text);

    [GeneratedRegex($"^{Base64}\\.sig.[A-Za-z0-9_]+\\z")]
    private static partial Regex Form();

    [GeneratedRegex($"^{Base64}\\z")]
    private static partial Regex Canonical();

    [GeneratedRegex("\\.([A-Za-z0-9_]+)")]
    private static partial Regex Curve();

    private static ReadOnlySpan<byte> Authenticated(ReadOnlySpan<byte> text, ReadOnlySpan<byte> hmacKey, Span<byte> tag)
    {
        if (hmacKey.IsEmpty) return text;
        Sodium.Authenticate(text, hmacKey, tag);
        return tag;
    }

    private static bool TryKey(string author, out byte[] key)
    {
        key = new byte[Sodium.PublicKeyBytes];
        return author.EndsWith(".ed25519", StringComparison.Ordinal) && Ref.TryGetBytes(author, key);
    }

    private static bool TryBytes(string signature, out byte[] bytes)
    {
        bytes = new byte[Sodium.SignatureBytes];
        int end = signature.IndexOf('.', StringComparison.Ordinal);
        return end == 88 && signature[end..] == Suffix
            && Convert.TryFromBase64Chars(signature.AsSpan(0, end), bytes, out int written) && written == bytes.Length;
    }
}
