using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>Creates the next message of an identity's feed (ssb-validate's <c>create</c>).</summary>
/// <param name="keys">The keys of the feed.</param>
/// <param name="hmacKey">The network's 32-byte key for signatures; empty for none.</param>
public sealed class MessageAuthor(FeedKeys keys, ReadOnlyMemory<byte> hmacKey = default)
{
    /// <summary>
    /// Creates and signs the message. Returns false for invalid content; <paramref name="problem"/> is then
    /// JavaScript's error text.
    /// </summary>
    /// <param name="state">The state of the feed; null for an empty feed.</param>
    /// <param name="content">The content, already encrypted if private.</param>
    /// <param name="timestamp">The claimed time, in milliseconds since 1970.</param>
    /// <param name="message">Receives the signed value.</param>
    /// <param name="problem">Receives the error text.</param>
    public bool TryWrite(
        FeedState? state, JsValue content, double timestamp, out JsObject message, out InvalidMessage? problem)
    {
        message = new JsObject()
            .Set("previous", state is null ? JsValue.Null : JsValue.From(state.Id))
            .Set("sequence", JsValue.From((state?.Sequence ?? 0) + 1.0))
            .Set("author", JsValue.From(keys.Id))
            .Set("timestamp", JsValue.From(timestamp))
            .Set("hash", JsValue.From("sha256"))
            .Set("content", content);
        bool publishable = content.IsObject || content.IsArray || MessageValidator.IsEncrypted(content);
        problem = publishable
            ? MessageValidator.CheckShape(JsValue.From(message))
            : new InvalidMessage("invalid message content, must be object or encrypted string", false);
        if (problem is null) message = MessageSignature.Sign(message, keys, hmacKey.Span);
        return problem is null;
    }
}
