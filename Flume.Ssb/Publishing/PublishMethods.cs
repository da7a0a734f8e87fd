using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>
/// The methods that add messages: own messages, which are signed here, and signed messages of others.
/// </summary>
internal static class PublishMethods
{
    private const int WriteBatch = 256;

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async("publish", Scope.Append, "feeds",
            "(content): signs and appends a message; content.recps makes it private.",
            static call =>
            {
                Parameters.Require(call, "string|msgContent");
                return PublishAsync(call, call.Arg(0));
            }).Writes(WriteLane.Feed),
        ApiMethod.Async("add", Scope.Append, "feeds", "(msg): validates and appends a signed message.", AddAsync)
            .Writes(WriteLane.Feed),
        ApiMethod.Sink("createWriteStream", Scope.Append, "feeds",
            "(): appends each signed message that is valid.", WriteStream),
        ApiMethod.Async("private.publish", Scope.Append, "feeds",
            "(content, recps): publishes a private message.", PrivatePublishAsync)
            .Writes(WriteLane.Feed),
        ApiMethod.Sync("private.unbox", Scope.Read, null,
            "(content | msg): decrypts a private content, if it is for this identity.", Unbox),
    ];

    /// <summary>Signs and appends a message of the identity's own feed.</summary>
    internal static ValueTask<JsValue> PublishAsync(ApiCall call, JsValue content) =>
        call.Identity.Publisher.PublishAsync(content, call.Cancelled);

    private static async ValueTask<JsValue> AddAsync(ApiCall call)
    {
        Parameters.Require(call, "msg");
        IReadOnlyList<JsValue> added = await call.Identity.Publisher
            .AddAsync([call.Arg(0)], skipInvalid: false, call.Cancelled).ConfigureAwait(false);
        return added[0];
    }

    private static async ValueTask<JsValue> WriteStream(ApiCall call, IAsyncEnumerable<JsValue> items)
    {
        FeedPublisher publisher = call.Identity.Publisher;
        List<JsValue> batch = [];
        await foreach (JsValue item in items.WithCancellation(call.Cancelled).ConfigureAwait(false))
        {
            batch.Add(item["value"].IsObject && item["key"].IsString ? item["value"] : item);
            if (batch.Count < WriteBatch) continue;
            await publisher.AddAsync(batch, skipInvalid: true, call.Cancelled).ConfigureAwait(false);
            batch = [];
        }
        await publisher.AddAsync(batch, skipInvalid: true, call.Cancelled).ConfigureAwait(false);
        return JsValue.Undefined;
    }

    /// <summary>Encrypts and publishes a message. The recipients are not part of the encrypted content.</summary>
    private static ValueTask<JsValue> PrivatePublishAsync(ApiCall call) =>
        PublishAsync(call, PrivateContent.Box(call.Arg(0), call.Arg(1)) ?? throw ApiException.Error(
            "failed to encrypt: private.publish takes (content, recps); recps is an array of 1 to "
            + $"{PrivateBox.RecipientsMax} feed ids; it was {call.Arg(1)}. Nothing was published."));

    /// <summary>The content of a box, or an unsigned message as ssb-private returns it.</summary>
    private static JsValue Unbox(ApiCall call)
    {
        JsValue given = call.Arg(0);
        if (call.Identity.Boxes is not { } boxes) return JsValue.Undefined;
        if (given.IsString) return boxes.Open(given.AsString, stackalloc byte[PrivateBox.UnboxKeyBytes]);
        JsValue opened = MessageView.Decrypt(given, boxes)["value"];
        if (!opened["private"].IsTruthy) return JsValue.Undefined;
        JsObject value = new();
        ReadOnlySpan<string> names = ["previous", "author", "sequence", "timestamp", "hash", "content"];
        foreach (string name in names)
            value.Set(name, opened[name]);
        return JsValue.From(new JsObject().Set("key", given["key"])
            .Set("value", JsValue.From(value.Set("private", JsValue.True))).Set("timestamp", given["timestamp"]));
    }
}
