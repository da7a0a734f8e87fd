using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Api.Methods;

/// <summary>Gets one message and deletes messages.</summary>
internal static class MessageMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async(
            "get", Scope.Read, "hashmap",
            "(id | offset | {id, private, unbox, meta}): one message's value, or all of it.", GetAsync),
        ApiMethod.Async(
            "del", Scope.Admin, "hashmap", "(msgId | feedId): zeroes a message, or all of a feed, in the log for good.",
            DeleteAsync)
            .Writes(WriteLane.Alone),
    ];

    private static ValueTask<JsValue> GetAsync(ApiCall call)
    {
        Parameters.Require(call, "msgLink|number|object");
        JsValue asked = call.Arg(0);
        if (asked.IsNumber) return new ValueTask<JsValue>(AtOffset(call, asked.AsNumber));
        if (asked.IsString) return ByIdAsync(call, asked.AsString, default);
        JsValue id = asked["id"];
        if (id.IsNumber) return new ValueTask<JsValue>(AtOffset(call, id.AsNumber));
        return id.IsString ? ByIdAsync(call, id.AsString, Shown.Parse(asked)) : throw NotAnId();
    }

    private static async ValueTask<JsValue> ByIdAsync(ApiCall call, string id, Shown shown)
    {
        if (id.Contains('?', StringComparison.Ordinal))
        {
            string link = id;
            if (!Ref.TryParseLink(link, out id, out string? unbox)) throw NotAnId();
            shown = new Shown(Private: true, unbox, Meta: !string.IsNullOrEmpty(Ref.QueryValue(link, "meta")));
        }
        if (!Ref.IsMessage(id)) throw NotAnId();
        (Offset offset, JsValue stored) = await MessageByKey.FindAsync(call, id).ConfigureAwait(false);
        JsValue message = shown.Apply(call.Identity, offset, stored);
        if (!shown.Meta) return message["value"];
        return JsValue.From(new JsObject()
            .Set("key", message["key"]).Set("value", message["value"]).Set("timestamp", message["timestamp"]));
    }

    /// <summary>
    /// A get by offset returns the whole message, decrypted if possible, like the log's get (docs/spec 3.2).
    /// </summary>
    private static JsValue AtOffset(ApiCall call, double asked)
    {
        if (!double.IsInteger(asked) || asked < 0 || asked > Offset.Max) throw NotAnId();
        MessageReader reader = new(call.Identity);
        Offset offset = new((long)asked);
        try
        {
            LogRecord record = call.Identity.Log.Get(offset);
            return reader.Opened(offset, JsValue.Parse(record.Payload));
        }
        catch (LogDeletedException)
        {
            throw ApiException.Error("item has been deleted");
        }
        catch (LogOffsetException error)
        {
            throw ApiException.NotFound(error.Message);
        }
    }

    private static async ValueTask<JsValue> DeleteAsync(ApiCall call)
    {
        Parameters.Require(call, "msgLink|feedId");
        string target = call.Arg(0).AsString;
        if (Ref.IsMessage(target))
        {
            (Offset offset, _) = await MessageByKey.FindAsync(call, target).ConfigureAwait(false);
            await call.Identity.DeleteAsync(offset, call.Cancelled).ConfigureAwait(false);
            return JsValue.Undefined;
        }
        if (!Ref.IsFeed(target)) throw ApiException.Error("deletion target must be a message or feed");
        List<JsValue> deleted = [];
        IReadOnlyList<Offset> offsets = await FeedOffsets.OfAsync(call, target).ConfigureAwait(false);
        // The newest goes first: of one's own feed it is refused, and nothing was deleted by then.
        foreach (Offset offset in offsets.Reverse())
        {
            if (!new MessageReader(call.Identity).TryStored(offset, out JsValue message)) continue;
            // The value refers to the log's bytes, which the delete zeroes. Copy the key first.
            JsValue key = JsValue.From(message["key"] is { IsString: true } text ? text.AsString : null);
            await call.Identity.DeleteAsync(offset, call.Cancelled).ConfigureAwait(false);
            deleted.Add(key);
        }
        deleted.Reverse();
        return JsValue.From(new JsArray(deleted));
    }

    private static ApiException NotAnId() =>
        ApiException.Error("ssb-db.get: key *must* be a ssb message id or a flume offset");

    /// <summary>
    /// The requested form of a message: decrypted for this identity, with a given key, with metadata.
    /// </summary>
    private readonly record struct Shown(bool Private, string? Unbox, bool Meta)
    {
        internal static Shown Parse(JsValue asked) => new(
            asked["private"] is { IsBoolean: true, AsBoolean: true },
            asked["unbox"].IsString ? asked["unbox"].AsString : null,
            asked["meta"].IsTruthy);

        /// <summary>
        /// Decrypts a message for this identity with the identity's own key and ignores a given key, as in JavaScript.
        /// </summary>
        internal JsValue Apply(IIdentity identity, Offset offset, JsValue stored)
        {
            if (!Private || identity.Boxes is not { } boxes) return MessageFormat.Original(stored);
            JsValue opened = MessageView.Decrypt(stored, boxes, offset);
            return Unbox is null || !opened["value"]["content"].IsString
                ? opened
                : MessageView.Decrypt(stored, boxes, Unbox);
        }
    }
}
