using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Flume.Ssb.Messages;

/// <summary>The kind of a reference, by its form.</summary>
public enum RefKind : byte
{
    /// <summary>Not an id.</summary>
    None,

    /// <summary><c>@….ed25519</c> (or the historic <c>@….sha256</c>).</summary>
    Feed,

    /// <summary><c>%….sha256</c>.</summary>
    Message,

    /// <summary><c>%….cloaked</c>: the id of a group.</summary>
    Cloaked,

    /// <summary><c>&amp;….sha256</c>.</summary>
    Blob,
}

/// <summary>Recognises the ids of Scuttlebutt as npm ssb-ref 2.16 does (docs/spec 3.3, 5.5).</summary>
/// <remarks>
/// An id consists of a sigil, 44 characters of canonical base64 (32 bytes), one separator and a suffix. The separator
/// is usually a dot, but ssb-ref accepts any UTF-16 unit except line ends.
/// </remarks>
public static class Ref
{
    private const int Base64Length = 44;
    private const int SeparatorAt = 1 + Base64Length;
    private const int LengthMin = SeparatorAt + 1 + 6;
    private const int LengthMax = SeparatorAt + 3 + 7;

    /// <summary>The kind of an id in UTF-8. Text before or after the id makes it <see cref="RefKind.None"/>.</summary>
    public static RefKind KindOf(ReadOnlySpan<byte> utf8)
    {
        if ((uint)(utf8.Length - LengthMin) > LengthMax - LengthMin) return RefKind.None;
        byte sigil = utf8[0];
        if (sigil is not ((byte)'%' or (byte)'@' or (byte)'&') || utf8[SeparatorAt - 1] != '=') return RefKind.None;
        int separator = SeparatorLength(utf8[SeparatorAt..]);
        ReadOnlySpan<byte> suffix = utf8[(SeparatorAt + separator)..];
        RefKind kind = (char)sigil switch
        {
            _ when separator == 0 => RefKind.None,
            '@' when suffix.SequenceEqual("ed25519"u8) || suffix.SequenceEqual("sha256"u8) => RefKind.Feed,
            '%' when suffix.SequenceEqual("sha256"u8) => RefKind.Message,
            '%' when suffix.SequenceEqual("cloaked"u8) => RefKind.Cloaked,
            '&' when suffix.SequenceEqual("sha256"u8) => RefKind.Blob,
            _ => RefKind.None,
        };
        return kind != RefKind.None && IsBase64Of32Bytes(utf8.Slice(1, Base64Length)) ? kind : RefKind.None;
    }

    /// <summary>The kind of an id.</summary>
    public static RefKind KindOf(string? text)
    {
        if (text is null || text.Length < LengthMin || text.Length > LengthMax) return RefKind.None;
        Span<byte> utf8 = stackalloc byte[LengthMax * 3];
        return KindOf(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>True for a feed id.</summary>
    public static bool IsFeed(string? text) => KindOf(text) == RefKind.Feed;

    /// <summary>True for a message id.</summary>
    public static bool IsMessage(string? text) => KindOf(text) == RefKind.Message;

    /// <summary>True for a blob id.</summary>
    public static bool IsBlob(string? text) => KindOf(text) == RefKind.Blob;

    /// <summary>True for a feed, message or blob id, with or without <c>?query</c>.</summary>
    public static bool IsLink(ReadOnlySpan<byte> utf8)
    {
        int query = utf8.IndexOf((byte)'?');
        return KindOf(query < 0 ? utf8 : utf8[..query]) is RefKind.Feed or RefKind.Message or RefKind.Blob;
    }

    /// <summary>As <see cref="IsLink(ReadOnlySpan{byte})"/>.</summary>
    public static bool IsLink(string? text)
    {
        int query = text?.IndexOf('?') ?? -1;
        return KindOf(query < 0 ? text : text![..query]) is RefKind.Feed or RefKind.Message or RefKind.Blob;
    }

    /// <summary>Splits a link into its id and the value of <c>unbox</c> in its query; null if missing.</summary>
    public static bool TryParseLink(string link, out string id, out string? unbox)
    {
        int query = link.IndexOf('?');
        id = query < 0 ? link : link[..query];
        bool isLink = IsLink(link);
        // Keys are base64, where '+' is not an encoded space.
        unbox = isLink ? QueryValue(link, "unbox")?.Replace(' ', '+') : null;
        return isLink;
    }

    /// <summary>The unescaped value of a name in a link's query; null if missing.</summary>
    public static string? QueryValue(string link, string name)
    {
        int query = link.IndexOf('?');
        if (query < 0) return null;
        foreach (string pair in link[(query + 1)..].Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.Ordinal))
                return Uri.UnescapeDataString(pair[(name.Length + 1)..]);
        }
        return null;
    }

    /// <summary>The 32 bytes of an id; false if the text is not an id.</summary>
    public static bool TryGetBytes(string? id, Span<byte> bytes)
    {
        if (KindOf(id) == RefKind.None) return false;
        return Convert.TryFromBase64Chars(id.AsSpan(1, Base64Length), bytes, out int written) && written == 32;
    }

    /// <summary>The feed id of a public key.</summary>
    public static string Feed(ReadOnlySpan<byte> publicKey) => $"@{Convert.ToBase64String(publicKey)}.ed25519";

    /// <summary>The message id of a hash.</summary>
    public static string Message(ReadOnlySpan<byte> sha256) => $"%{Convert.ToBase64String(sha256)}.sha256";

    /// <summary>The blob id of a hash.</summary>
    public static string Blob(ReadOnlySpan<byte> sha256) => $"&{Convert.ToBase64String(sha256)}.sha256";

    private static bool IsBase64Of32Bytes(ReadOnlySpan<byte> text)
    {
        ref byte first = ref MemoryMarshal.GetReference(text[..Base64Length]);
        return (Base64Bytes(ref first) & Base64Bytes(ref Unsafe.Add(ref first, 42 - 32))) == uint.MaxValue
            && IsLast(text[42]) && text[43] == '=';
    }

    /// <summary>One bit for each of 32 bytes: true for letters, digits, '+' and '/'.</summary>
    private static uint Base64Bytes(ref byte first)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref first);
        Vector256<byte> letters = (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
        Vector256<byte> digits = bytes - Vector256.Create((byte)'/'); // the character before '0'
        return (Vector256.LessThanOrEqual(letters, Vector256.Create((byte)25)) |
            Vector256.LessThanOrEqual(digits, Vector256.Create((byte)10)) |
            Vector256.Equals(bytes, Vector256.Create((byte)'+'))).ExtractMostSignificantBits();
    }

    // The last character before the padding encodes four bits, so its two low bits are zero.
    private static bool IsLast(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => (c - 'A') % 4 == 0,
        >= (byte)'a' and <= (byte)'z' => (c - 'c') % 4 == 0,
        >= (byte)'0' and <= (byte)'9' => (c - '0') % 4 == 0,
        _ => false,
    };

    /// <summary>The byte length of the separator between base64 and suffix; 0 for an invalid one.</summary>
    private static int SeparatorLength(ReadOnlySpan<byte> utf8)
    {
        if (utf8[0] < 0x80) return utf8[0] is (byte)'\n' or (byte)'\r' ? 0 : 1;
        if (Rune.DecodeFromUtf8(utf8, out Rune unit, out int length) != OperationStatus.Done) return 0;
        return unit.IsBmp && unit.Value is not (0x2028 or 0x2029) ? length : 0;
    }
}
