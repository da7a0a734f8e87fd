using System.Text;
using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// The two forms of a stored message in answers: decrypted, and as signed by the author (docs/spec 3.2).
/// </summary>
public static class MessageView
{
    /// <summary>
    /// The private form of a <c>{key, value, timestamp}</c> that the identity can decrypt; otherwise the same value.
    /// </summary>
    /// <param name="stored">The stored record.</param>
    /// <param name="opener">Decrypts for its identity.</param>
    /// <param name="offset">The offset of the record, for the cache of decrypted messages.</param>
    public static JsValue Decrypt(JsValue stored, Unboxer opener, Offset? offset = null)
    {
        JsValue content = stored["value"]["content"];
        if (!content.IsString) return stored;
        if (offset is { } at && opener.LastOpened.TryGet(at, content, out JsValue known)) return known;
        Span<byte> unboxKey = stackalloc byte[PrivateBox.UnboxKeyBytes];
        JsValue plain = opener.Open(content.AsString, unboxKey, given: false, offset);
        // JavaScript leaves a message unchanged if its decrypted content is falsy.
        if (!plain.IsTruthy) return stored;
        JsValue opened = Decorate(stored, plain, Convert.ToBase64String(unboxKey));
        return offset is { } place ? opener.LastOpened.Keep(place, content, opened) : opened;
    }

    /// <summary>
    /// As the other overload, with the box's own key: base64 of 33 bytes, as in a link's <c>?unbox=</c>. The private
    /// form shows the given key.
    /// </summary>
    public static JsValue Decrypt(JsValue stored, Unboxer opener, string unboxKey)
    {
        JsValue content = stored["value"]["content"];
        byte[] text = Encoding.UTF8.GetBytes(unboxKey), key = new byte[text.Length];
        int length = PrivateBox.DecodeText(text, key);
        if (!content.IsString || length != PrivateBox.UnboxKeyBytes) return stored;
        JsValue plain = opener.Open(content.AsString, key.AsSpan(0, length), given: true);
        return plain.IsTruthy ? Decorate(stored, plain, unboxKey) : stored;
    }

    /// <summary>A <c>{key, value, timestamp}</c> with its value as the author signed it.</summary>
    public static JsValue Original(JsValue stored)
    {
        if (!stored.IsObject || !IsDecorated(stored["value"])) return stored;
        return JsValue.From(stored.AsObject.Copy().Set("value", OriginalValue(stored["value"])));
    }

    /// <summary>
    /// A value as signed by the author: without the members that decryption added, and with the encrypted content.
    /// </summary>
    public static JsValue OriginalValue(JsValue value)
    {
        if (!value.IsObject || !IsDecorated(value)) return value;
        JsObject copy = value.AsObject.Copy();
        foreach (string added in (ReadOnlySpan<string>)["meta", "cyphertext", "private", "unbox"]) copy.Remove(added);
        if (!value["meta"]["original"].IsObject) return JsValue.From(copy);
        foreach ((string name, JsValue original) in value["meta"]["original"].AsObject) copy.Set(name, original);
        return JsValue.From(copy);
    }

    /// <summary>
    /// The private form: the value's members with decrypted content, then <c>meta</c>, <c>cyphertext</c>,
    /// <c>private</c> and <c>unbox</c>. Of the record, only key, value and timestamp remain.
    /// </summary>
    internal static JsValue Decorate(JsValue stored, JsValue plain, string unboxKey)
    {
        JsValue ciphertext = stored["value"]["content"], unbox = JsValue.From(unboxKey);
        JsObject value = stored["value"].AsObject.Copy();
        JsObject meta = value["meta"].IsObject ? value["meta"].AsObject.Copy() : new JsObject();
        JsObject original = meta["original"].IsObject ? meta["original"].AsObject.Copy() : new JsObject();
        if (!original["content"].IsTruthy) original.Set("content", ciphertext);
        meta.Set("original", JsValue.From(original)).Set("private", JsValue.True).Set("unbox", unbox);
        value.Set("meta", JsValue.From(meta)).Set("content", plain)
            .Set("cyphertext", original["content"]).Set("private", JsValue.True).Set("unbox", unbox);
        return JsValue.From(new JsObject()
            .Set("key", stored["key"]).Set("value", JsValue.From(value)).Set("timestamp", stored["timestamp"]));
    }

    private static bool IsDecorated(JsValue value) => !value["meta"].IsUndefined || !value["cyphertext"].IsUndefined
        || !value["private"].IsUndefined || !value["unbox"].IsUndefined;
}
