using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>Adding messages: one's own, signed here, and others' as they come.</summary>
internal static class PublishMethods
{
    private const int WriteBatch = 256;

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async("publish", Scope.Append, "feeds", "(content): signs and appends a message; content.recps makes it private.",
            static call =>
            {
                Parameters.Require(call, "string|msgContent");
                return PublishAsync(call, call.Arg(0));
            }),
        ApiMethod.Async("add", Scope.Append, "feeds", "(msg): validates and appends somebody's signed message.", AddAsync),
        ApiMethod.Sink("createWriteStream", Scope.Append, "feeds", "(): appends each signed message that is valid.", WriteStream),
        ApiMethod.Async("private.publish", Scope.Append, "feeds", "(content, recps): publishes a private message.", PrivatePublishAsync),
        ApiMethod.Sync("private.unbox", Scope.Read, null, "(content | msg): opens a private content, if it is for this identity.", Unbox),
    ];

    /// <summary>Signs and appends a message of the identity's own.</summary>
    internal static ValueTask<JsValue> PublishAsync(ApiCall call, JsValue content) =>
        FeedWriter.Of(call.Identity).PublishAsync(call, content);

    private static async ValueTask<JsValue> AddAsync(ApiCall call)
    {
        Parameters.Require(call, "msg");
        return (await FeedWriter.Of(call.Identity).AddAsync(call, [call.Arg(0)], skipInvalid: false).ConfigureAwait(false))[0];
    }

    private static async ValueTask<JsValue> WriteStream(ApiCall call, IAsyncEnumerable<JsValue> items)
    {
        FeedWriter writer = FeedWriter.Of(call.Identity);
        List<JsValue> batch = [];
        await foreach (JsValue item in items.WithCancellation(call.Cancelled).ConfigureAwait(false))
        {
            batch.Add(item["value"].IsObject && item["key"].IsString ? item["value"] : item);
            if (batch.Count < WriteBatch) continue;
            await writer.AddAsync(call, batch, skipInvalid: true).ConfigureAwait(false);
            batch.Clear();
        }
        await writer.AddAsync(call, batch, skipInvalid: true).ConfigureAwait(false);
        return JsValue.Undefined;
    }

    /// <summary>The recipients are not part of what is boxed; without any, nothing is published.</summary>
    private static ValueTask<JsValue> PrivatePublishAsync(ApiCall call) =>
        PublishAsync(call, PrivateContent.Box(call.Arg(0), call.Arg(1)) ?? throw ApiException.Error(
            $"failed to encrypt: private.publish takes (content, recps), recps an array of 1 to {PrivateBox.RecipientsMax} "
            + $"feed ids; it was {call.Arg(1)}. Nothing was published."));

    /// <summary>Of a box its content; of a message what ssb-private makes of it, unsigned.</summary>
    private static JsValue Unbox(ApiCall call)
    {
        JsValue given = call.Arg(0);
        if (call.Identity.Boxes is not { } boxes) return JsValue.Undefined;
        if (given.IsString) return boxes.Open(given.AsString, stackalloc byte[PrivateBox.UnboxKeyBytes]);
        JsValue opened = MessageView.Decrypt(given, boxes)["value"];
        if (!opened["private"].IsTruthy) return JsValue.Undefined;
        JsObject value = new();
        foreach (string name in (ReadOnlySpan<string>)["previous", "author", "sequence", "timestamp", "hash", "content"])
            value.Set(name, opened[name]);
        return JsValue.From(new JsObject().Set("key", given["key"])
            .Set("value", JsValue.From(value.Set("private", JsValue.True))).Set("timestamp", given["timestamp"]));
    }
}
