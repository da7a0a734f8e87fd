using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// The canonical text of a message, for signatures, length and hash: <c>JSON.stringify(value, null, 2)</c> (docs/spec
/// 5.2).
/// </summary>
public sealed class CanonicalMessage
{
    private static readonly byte[] SignatureMember = "\n  \"signature\": "u8.ToArray();

    private readonly string _text;

    /// <summary>Writes the canonical text of a message's value.</summary>
    /// <exception cref="JsSyntaxException">A lazily parsed part of the value is not JSON.</exception>
    public CanonicalMessage(JsValue value)
    {
        Utf8 = JsWriter.ToUtf8(value, indent: 2);
        _text = Encoding.UTF8.GetString(Utf8.Span);
    }

    /// <summary>The text as UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The length in UTF-16 units. The limit of 8192 applies to it.</summary>
    public int Length => _text.Length;

    /// <summary>
    /// The message id: the hash of the low byte of each UTF-16 unit instead of the UTF-8 (docs/spec 5.4).
    /// </summary>
    public string Id
    {
        get
        {
            byte[] low = ArrayPool<byte>.Shared.Rent(_text.Length);
            for (int i = 0; i < _text.Length; i++) low[i] = (byte)_text[i];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(low.AsSpan(0, _text.Length), hash);
            ArrayPool<byte>.Shared.Return(low);
            return Ref.Message(hash);
        }
    }

    /// <summary>The canonical text.</summary>
    public override string ToString() => _text;

    /// <summary>The signed bytes: the text of the value without the member <c>signature</c>.</summary>
    /// <param name="signed">The value, whose last member is the signature.</param>
    internal ReadOnlyMemory<byte> Unsigned(JsObject signed)
    {
        // The signature is the last member and a plain string, so removing it from the text avoids a second
        // serialization.
        int at = Utf8.Span.LastIndexOf(SignatureMember);
        bool last = signed.Count > 1 && signed.At(signed.Count - 1).Key == "signature" && signed["signature"].IsString;
        if (!last || at < 1) return WithoutSignature(signed);
        var unsigned = new byte[at + 1];
        Utf8.Span[..(at - 1)].CopyTo(unsigned);
        "\n}"u8.CopyTo(unsigned.AsSpan(at - 1));
        return unsigned;
    }

    private static ReadOnlyMemory<byte> WithoutSignature(JsObject signed)
    {
        JsObject copy = signed.Copy();
        copy.Remove("signature");
        return JsWriter.ToUtf8(JsValue.From(copy), indent: 2);
    }
}
