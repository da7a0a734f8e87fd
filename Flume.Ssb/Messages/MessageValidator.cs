using Flume.Query.Json;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>
/// Validates a message as the next one of a feed. Order and texts are those of npm ssb-validate 4.1.4.
/// </summary>
public static class MessageValidator
{
    /// <summary>The maximum UTF-16 length of a message's canonical text.</summary>
    public const int LengthMax = 8192;

    /// <summary>Checks all rules, the signature last.</summary>
    /// <param name="state">The state of the author's feed; null for an empty feed.</param>
    /// <param name="message">The value with its signature.</param>
    /// <param name="hmacKey">The network's 32-byte key for signatures; empty for none.</param>
    /// <returns>Null for a valid message.</returns>
    public static InvalidMessage? Check(FeedState? state, JsValue message, ReadOnlySpan<byte> hmacKey = default) =>
        Check(state, message, hmacKey, out _);

    /// <summary>As the other, and gives the canonical text of a valid message.</summary>
    internal static InvalidMessage? Check(
        FeedState? state, JsValue message, ReadOnlySpan<byte> hmacKey, out CanonicalMessage? canonical)
    {
        InvalidMessage? problem = CheckCheap(state, message, out canonical);
        return problem ?? CheckSignature(message, canonical!, hmacKey);
    }

    /// <summary>As the first, for the main network; a message that was verified before costs no signature.</summary>
    internal static InvalidMessage? Check(
        FeedState? state, JsValue message, VerifiedMessages verified, out CanonicalMessage? canonical)
    {
        InvalidMessage? problem = CheckCheap(state, message, out canonical);
        if (problem is not null) return problem;
        if (verified.Contains(canonical!)) return null;
        problem = CheckSignature(message, canonical!, default);
        if (problem is null) verified.Add(canonical!);
        return problem;
    }

    /// <summary>As the other overload, for a key as text: canonical base64 of 32 bytes, or null.</summary>
    public static InvalidMessage? Check(FeedState? state, JsValue message, string? hmacKey)
    {
        if (hmacKey is null) return Check(state, message);
        var key = new byte[Sodium.KeyBytes];
        bool valid = MessageSignature.IsCanonicalBase64(hmacKey)
            && Convert.TryFromBase64String(hmacKey, key, out int length) && length == key.Length;
        if (valid) return Check(state, message, key);
        return CheckCheap(state, message, out _) ?? Fatal("invalid HMAC key");
    }

    /// <summary>Checks the shape of an unsigned message, as publish does before signing.</summary>
    /// <returns>Null for a valid shape.</returns>
    public static InvalidMessage? CheckShape(JsValue message) => CheckShape(message, out _);

    /// <summary>True for encrypted content: canonical base64, then <c>.box</c> and any text on the same line.</summary>
    public static bool IsEncrypted(JsValue content)
    {
        if (!content.IsString) return false;
        string text = content.AsString;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 && text.AsSpan(dot).StartsWith(".box") && MessageSignature.IsCanonicalBase64(text[..dot])
            && text.AsSpan(dot).IndexOfAny("\n\r\u2028\u2029") < 0;
    }

    private static InvalidMessage? CheckSignature(
        JsValue message, CanonicalMessage canonical, ReadOnlySpan<byte> hmacKey)
    {
        if (hmacKey.Length is not (0 or Sodium.KeyBytes)) return Fatal("invalid HMAC key");
        JsObject value = message.AsObject;
        if (!value["author"].AsString.EndsWith(".ed25519", StringComparison.Ordinal))
            return new InvalidMessage("unkown curve:sha256 expected: ed25519", false);
        return MessageSignature.Verify(value, canonical, hmacKey) ? null : Fatal("invalid signature");
    }

    private static InvalidMessage? CheckCheap(FeedState? state, JsValue message, out CanonicalMessage? canonical)
    {
        canonical = null;
        JsValue author = message["author"], signature = message["signature"];
        if (!author.IsString || !Ref.IsFeed(author.AsString)) return Invalid("invalid message: must have author");
        if (!signature.IsString || !MessageSignature.FitsCurve(signature.AsString, author.AsString))
            return Invalid("invalid message: signature type must match author type");
        InvalidMessage? misplaced = state is null ? CheckFirst(message, author) : CheckNext(state, message, author);
        if (misplaced is not null) return misplaced;
        if (!HasOrder(message, signed: true)) return Fatal("message must have keys in allowed order");
        return CheckShape(message, out canonical);
    }

    private static InvalidMessage? CheckFirst(JsValue message, JsValue author)
    {
        string on = $", on feed:{author.AsString}";
        if (!message["previous"].IsNull) return Fatal("initial message must have previous: null" + on);
        bool isOne = JsValue.StrictEquals(message["sequence"], JsValue.From(1));
        if (!isOne) return Fatal("initial message must have sequence: 1" + on);
        return message["timestamp"].IsNumber ? null : Fatal("initial message must have timestamp" + on);
    }

    // JavaScript compares these two with !=, which converts: an array of one id equals that id.
    private static InvalidMessage? CheckNext(FeedState state, JsValue message, JsValue author)
    {
        string on = $", on feed:{author.AsString}";
        JsValue sequence = message["sequence"], previous = message["previous"];
        if (sequence.IsNullish || JsCoercion.ToNumber(sequence) != state.Sequence + 1)
        {
            return Invalid($"invalid message: expected sequence {state.Sequence + 1} but "
                + $"got:{JsCoercion.ToText(sequence)}in state:{state}{on}");
        }

        bool follows = (previous.IsString || previous.IsArray) && JsCoercion.ToText(previous) == state.Id;
        return follows ? null : Fatal("invalid message: expected different previous message" + on);
    }

    private static InvalidMessage? CheckShape(JsValue message, out CanonicalMessage? canonical)
    {
        canonical = null;
        JsValue content = message["content"];
        bool shaped = message.IsObject && IsInt32(message["sequence"])
            && message["author"].IsString && Ref.IsFeed(message["author"].AsString)
            && (content.IsObject || content.IsArray || IsEncrypted(content))
            && HasOrder(message, signed: false) && message["hash"].EqualsUtf8("sha256"u8);
        canonical = message.IsUndefined ? null : new CanonicalMessage(message);
        if (!shaped) return Invalid($"message has invalid properties:{canonical}");
        if (canonical!.Length > LengthMax)
            return Invalid($"Encoded message must not be larger than 8192 bytes. Current size is {canonical.Length}");
        return CheckType(content);
    }

    private static InvalidMessage? CheckType(JsValue content)
    {
        if (content.IsString) return null;
        JsValue type = content["type"];
        if (type.IsString && type.AsString.Length is >= 3 and <= 52) return null;
        return Invalid($"type must be a string3 <= type.length < 52, was:{JsCoercion.ToText(type)}");
    }

    private static bool IsInt32(JsValue value) => value.IsNumber && value.AsNumber == (int)value.AsNumber;

    private static bool HasOrder(JsValue message, bool signed)
    {
        if (!message.IsObject) return false;
        JsObject members = message.AsObject;
        if (members.Count < 6 || (signed && members.Count != 7)) return false;
        (string second, string third) = (members.At(1).Key, members.At(2).Key);
        return members.At(0).Key == "previous" && members.At(3).Key == "timestamp"
            && members.At(4).Key == "hash" && members.At(5).Key == "content"
            && (!signed || members.At(6).Key == "signature")
            && ((second == "sequence" && third == "author") || (second == "author" && third == "sequence"));
    }

    private static InvalidMessage Invalid(string reason) => new(reason, false);

    private static InvalidMessage Fatal(string reason) => new(reason, true);
}
