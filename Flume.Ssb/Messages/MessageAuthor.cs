using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>Writes the next message of one identity's own feed (ssb-validate's <c>create</c>).</summary>
/// <param name="keys">Whose feed it is.</param>
/// <param name="hmacKey">The network's 32-byte key for signatures; empty for none.</param>
public sealed class MessageAuthor(FeedKeys keys, ReadOnlyMemory<byte> hmacKey = default)
{
    /// <summary>
    /// Makes and signs the message. False when the content cannot be published; then <paramref name="problem"/> says
    /// why, in JavaScript's words.
    /// </summary>
    /// <param name="state">Where the feed stands; null when it has no message yet.</param>
    /// <param name="content">The content, boxed already if it is to be private.</param>
    /// <param name="timestamp">The claimed time, in milliseconds since 1970.</param>
    /// <param name="message">Receives the value with its signature.</param>
    /// <param name="problem">Receives what is wrong.</param>
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
