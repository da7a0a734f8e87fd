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
        ApiMethod.Async("get", Scope.Read, "hashmap", "(id | offset | {id, private, unbox, meta}): one message's value, or all of it.", GetAsync),
        ApiMethod.Async("del", Scope.Admin, "hashmap", "(msgId | feedId): zeroes a message, or all of a feed, in the log for good.", DeleteAsync),
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
            (Offset offset, JsValue message) = await MessageByKey.FindAsync(call, target).ConfigureAwait(false);
            await KeepOwnNewestAsync(call, message["value"]["author"], message["key"]).ConfigureAwait(false);
            await call.Identity.DeleteAsync(offset, call.Cancelled).ConfigureAwait(false);
            return JsValue.Undefined;
        }
        if (!Ref.IsFeed(target)) throw ApiException.Error("deletion target must be a message or feed");
        await KeepOwnNewestAsync(call, call.Arg(0), key: null).ConfigureAwait(false);
        List<JsValue> deleted = [];
        foreach (Offset offset in await FeedOffsets.OfAsync(call, target).ConfigureAwait(false))
        {
            if (!new MessageReader(call.Identity).TryStored(offset, out JsValue message)) continue;
            // The value refers to the log's bytes, which the delete zeroes. Copy the key first.
            JsValue key = JsValue.From(message["key"] is { IsString: true } text ? text.AsString : null);
            await call.Identity.DeleteAsync(offset, call.Cancelled).ConfigureAwait(false);
            deleted.Add(key);
        }
        return JsValue.From(new JsArray(deleted));
    }

    /// <summary>
    /// A feed's next message refers to its newest one. Deleting the newest one would let publish reuse its sequence,
    /// which forks the feed.
    /// </summary>
    private static async ValueTask KeepOwnNewestAsync(ApiCall call, JsValue author, JsValue? key)
    {
        if (call.Identity.Keys is not { } keys || !author.IsString || author.AsString != keys.Id) return;
        using ViewRead read = await call.ReadAsync("feeds").ConfigureAwait(false);
        JsValue newest = new FeedTable(call.Identity, read.Rows).NewestOf(keys.Id);
        if (newest.IsUndefined || (key is { } asked && !JsValue.StrictEquals(newest["key"], asked))) return;
        throw ApiException.Error(
            $"The newest message of this identity's own feed, {newest["key"].AsString}, is kept: what is published next has to name "
            + "it. Publish something, then delete it. Nothing was deleted.");
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
            return Unbox is null || !opened["value"]["content"].IsString ? opened : MessageView.Decrypt(stored, boxes, Unbox);
        }
    }
}
