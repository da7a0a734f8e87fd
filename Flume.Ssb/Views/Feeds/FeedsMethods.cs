using System.Text;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Query;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Feeds;

/// <summary>The message streams of the feeds view: one author's messages, and all messages by time.</summary>
internal static class FeedsMethods
{
    private const string View = "feeds";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source("createUserStream", Scope.Read, View,
            "{id, gt, gte, lt, lte: sequence, reverse, limit, live, old, keys, values, private}: one feed by sequence.",
            UserStream),
        ApiMethod.Source("createHistoryStream", Scope.Read, View,
            "{id, seq, limit, live, old, keys, values}: one feed from a sequence on; never decrypted.", HistoryStream)
            .ForAnyone(),
        ApiMethod.Source("createLogStream", Scope.Read, View,
            "{gt, gte, lt, lte: received time, reverse, limit, live, old, keys, values, private, raw}: " +
            "all by time received.",
            LogStream),
        ApiMethod.Source("createFeedStream", Scope.Read, View,
            "{gt, gte, lt, lte: rts, reverse, limit, live, old, keys, values, private}: all by time claimed, with rts.",
            FeedStream),
    ];

    private static IAsyncEnumerable<JsValue> UserStream(ApiCall call)
    {
        Parameters.Require(call, "createUserStreamOpts");
        StreamOptions options = StreamOptions.Parse(call.Arg(0));
        return MessageStream.Run(call, OfAuthor(call.Arg(0)["id"], options), options);
    }

    /// <summary>
    /// Accepts options or positional arguments (feedId, seq, live). The positional form is validated and yields
    /// nothing, as in JavaScript.
    /// </summary>
    private static IAsyncEnumerable<JsValue> HistoryStream(ApiCall call)
    {
        JsValue given = call.Arg(0);
        if (Parameters.Misfit(call, "createHistoryStreamOpts") is not null)
        {
            Parameters.Require(call, "feedId", "number?", "boolean?");
            return AsyncEnumerable.Empty<JsValue>();
        }
        JsValue from = given["sequence"].IsTruthy ? given["sequence"]
            : given["seq"].IsTruthy ? given["seq"]
            : JsValue.From(0);
        StreamOptions options = StreamOptions.Parse(given, Bounds.From(from)) with
        {
            Reverse = false,
            Private = false,
            Sync = given["sync"] is { IsBoolean: true, AsBoolean: false },
        };
        return MessageStream.Run(call, OfAuthor(given["id"], options), options);
    }

    private static IAsyncEnumerable<JsValue> LogStream(ApiCall call)
    {
        Parameters.Require(call, "readStreamOpts?");
        JsValue given = call.Arg(0);
        if (given["raw"].IsTruthy) return RawLogStream.Run(call, opened: true);
        Bounds bounds = Bounds.OfReceived(given);
        StreamOptions options = StreamOptions.Parse(given, bounds);
        StreamPlan plan = new(View, FeedsView.ByReceived, PostingRange.Exact(0, bounds.LowKey, bounds.HighKey),
            message => bounds.Contains(message["timestamp"]))
        {
            Format = MessageFormat.For(options), Proof = [], Opens = options.Private,
            OnceFor = static message => message["key"],
        };
        return MessageStream.Run(call, plan, options);
    }

    private static IAsyncEnumerable<JsValue> FeedStream(ApiCall call)
    {
        Parameters.Require(call, "readStreamOpts?");
        StreamOptions options = StreamOptions.Parse(call.Arg(0));
        Func<JsValue, JsValue> format = MessageFormat.For(options);
        bool whole = options is { Keys: true, Values: true };
        // JavaScript's key continues with the author and its bounds with null, so gt means gte and lte means lt.
        Bounds bounds = options.Bounds with { LowIncluded = true, HighIncluded = false };
        StreamPlan plan = new(View, FeedsView.ByResolved, PostingRange.Exact(0, bounds.LowKey, bounds.HighKey),
            message => bounds.Contains(ResolvedTime(message)))
        {
            Format = message => whole ? WithRts(format(message), ResolvedTime(message)) : format(message),
            // Of times that are texts the sort key holds the beginning alone.
            OnceFor = static message => message["key"],
            ThenBy = static message => JsValue.From(new JsArray([ResolvedTime(message), message["value"]["author"]])),
            Proof = [],
            Opens = options.Private,
        };
        return MessageStream.Run(call, plan, options);
    }

    private static StreamPlan OfAuthor(JsValue author, StreamOptions options)
    {
        Bounds bounds = options.Bounds;
        ulong feed = Fingerprint.Of(Encoding.UTF8.GetBytes(author.AsString));
        return new StreamPlan(View, FeedsView.ByAuthor, PostingRange.Exact(feed, bounds.LowKey, bounds.HighKey),
            message => JsValue.StrictEquals(message["value"]["author"], author)
                && bounds.Contains(message["value"]["sequence"]))
        {
            Format = MessageFormat.For(options),
            OnceFor = static message => message["value"]["sequence"],
            Proof = Encoding.UTF8.GetBytes($"\"author\":\"{author.AsString}\""),
            Opens = options.Private,
        };
    }

    /// <summary>
    /// The claimed time, or the received time if that is earlier or no time is claimed (docs/spec 3.2).
    /// </summary>
    private static JsValue ResolvedTime(JsValue message) =>
        ResolvedTimes.OfFeeds(message["timestamp"], message["value"]["timestamp"]);

    private static JsValue WithRts(JsValue message, JsValue rts) =>
        JsValue.From(message.AsObject.With("rts", rts));
}
