using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Feeds;

/// <summary>The feed states that the feeds view reports: existing feeds and their sequences.</summary>
internal static class FeedStateMethods
{
    private const string View = "feeds";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source(
            "latest", Scope.Read, View, "(): {id, sequence, ts} of every feed, in the order they appeared.", Latest),
        ApiMethod.Async(
            "getLatest", Scope.Read, View, "(feedId): {key, value} of a feed's newest message, undefined if unknown.",
            GetLatest),
        ApiMethod.Async("latestSequence", Scope.Read, View, "(feedId): a feed's newest sequence.", LatestSequence),
        ApiMethod.Async(
            "getFeedState", Scope.Read, View, "(feedId): {id, sequence} of a feed's newest message.", GetFeedState),
        ApiMethod.Async("getVectorClock", Scope.Read, View, "(): {feedId: sequence} of every feed.", GetVectorClock),
        ApiMethod.Async(
            "getAtSequence", Scope.Read, View, "([feedId, sequence]): that message, never decrypted.", GetAtSequence),
    ];

    private static async IAsyncEnumerable<JsValue> Latest(ApiCall call)
    {
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        foreach (JsValue item in LatestFeeds.Of(call, read).Items) yield return item;
    }

    private static async ValueTask<JsValue> GetLatest(ApiCall call)
    {
        JsValue message = await NewestAsync(call).ConfigureAwait(false);
        if (message.IsUndefined) return JsValue.Undefined;
        return JsValue.From(new JsObject()
            .Set("key", message["key"]).Set("value", MessageFormat.Original(message)["value"]));
    }

    private static async ValueTask<JsValue> LatestSequence(ApiCall call)
    {
        JsValue message = await NewestAsync(call).ConfigureAwait(false);
        return message.IsUndefined
            ? throw ApiException.Error($"not found:{call.Arg(0).AsString}")
            : message["value"]["sequence"];
    }

    private static async ValueTask<JsValue> GetFeedState(ApiCall call)
    {
        JsValue message = await NewestAsync(call).ConfigureAwait(false);
        JsObject state = new();
        return JsValue.From(message.IsUndefined
            ? state.Set("id", JsValue.Null).Set("sequence", JsValue.From(0))
            : state.Set("id", message["key"]).Set("sequence", message["value"]["sequence"]));
    }

    private static async ValueTask<JsValue> GetVectorClock(ApiCall call)
    {
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        return LatestFeeds.Of(call, read).Clock;
    }

    private static async ValueTask<JsValue> GetAtSequence(ApiCall call)
    {
        (JsValue feed, JsValue sequence) = FeedAndSequence(call.Arg(0));
        if (!Parameters.IsFeed(feed) || !sequence.IsNumber)
            throw new ApiException("TypeError", "getAtSequence takes [feedId, sequence] or \"feedId:sequence\".");
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        MessageReader reader = new(call.Identity);
        ulong at = SortKey.Of(sequence.AsNumber);
        ulong author = Fingerprint.Of(Encoding.UTF8.GetBytes(feed.AsString));
        using PostingCursor cursor = read.Rows.Read(
            FeedsView.ByAuthor, PostingRange.Exact(author, at, at), reverse: true);
        while (cursor.MoveNext())
        {
            if (reader.TryStored(new Offset(cursor.Current.Offset), out JsValue message)
                && JsValue.StrictEquals(message["value"]["author"], feed)) return MessageFormat.Original(message);
        }
        throw ApiException.NotFound($"Key not found in database [{feed.AsString},{sequence.ToJson()}]");
    }

    private static (JsValue Feed, JsValue Sequence) FeedAndSequence(JsValue given)
    {
        if (!given.IsString) return (given[0], given[1]);
        string text = given.AsString;
        int colon = text.LastIndexOf(':');
        return colon < 0 ? (given, JsValue.Undefined)
            : (JsValue.From(text[..colon]), JsValue.From(JsNumber.Parse(Encoding.UTF8.GetBytes(text[(colon + 1)..]))));
    }

    private static async ValueTask<JsValue> NewestAsync(ApiCall call)
    {
        Parameters.Require(call, "feedId");
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        return new FeedTable(call.Identity, read.Rows).NewestOf(call.Arg(0).AsString);
    }
}
