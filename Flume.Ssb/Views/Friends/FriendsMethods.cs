using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Publishing;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Views.Friends;

/// <summary>The API of the friends view: the methods of ssb-friends 5.</summary>
internal static class FriendsMethods
{
    private const string View = "friends";

    /// <summary>The default maximum distance in hops (ssb-config's <c>friends.hops</c>).</summary>
    private const double HopsMax = 3;

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async(
            "friends.isFollowing", Scope.Read, View, "{source, dest, details}: true when source follows dest.",
            call => IsAsync(call, static edge => edge is { Weight: >= 0 })),
        ApiMethod.Async(
            "friends.isBlocking", Scope.Read, View, "{source, dest, details}: true when source blocks dest.",
            call => IsAsync(call, static edge => edge is { Weight: -1 })),
        ApiMethod.Async(
            "friends.follow", Scope.Append, View, "(feedId, {state, recps}): publishes that you follow, or no longer.",
            call => PublishAsync(call, "following")),
        ApiMethod.Async(
            "friends.block", Scope.Append, View,
            "(feedId, {state, reason, recps}): publishes that you block, or no longer.",
            call => PublishAsync(call, "blocking")),
        ApiMethod.Async(
            "friends.graph", Scope.Read, View, "(): {from: {to: 1 follows | -1 blocks | -2 neither any more}}.",
            call => FollowGraphCache.ReadAsync(
                call, static graph => graph.ToJs(static edge => JsValue.From(edge.Weight)))),
        ApiMethod.Source(
            "friends.graphStream", Scope.Read, View, "{live=true, old=false}: the graph, then {from: {to: value}}.",
            GraphStream),
        ApiMethod.Async("friends.hops", Scope.Read, View, "{start, max, reverse}: {feedId: distance}.", HopsAsync),
        ApiMethod.Source(
            "friends.hopStream", Scope.Read, View, "{live=true, old=false}: distances, then those that change.",
            HopStream),
    ];

    /// <summary>The distances that the options select.</summary>
    internal static Dictionary<string, double> HopsOf(ApiCall call, FollowGraph graph)
    {
        JsValue options = call.Arg(0), start = options["start"], max = options["max"];
        string from = start.IsString && start.IsTruthy ? start.AsString : SelfOf(call);
        double most = max.IsNumber && max.IsTruthy ? max.AsNumber : HopsMax;
        bool reverse = options["reverse"] is { IsBoolean: true, AsBoolean: true };
        if (reverse || most >= HopsMax || from != call.Identity.Keys?.Id) return Hops.From(graph, from, most, reverse);
        // JavaScript updates its own distances and drops feeds above the maximum. Distant blocked feeds have negative
        // distances and stay.
        Dictionary<string, double> own = Hops.From(graph, from, HopsMax, reverse: false);
        foreach ((string feed, double distance) in own)
        {
            if (distance > most) own.Remove(feed);
        }

        return own;
    }

    /// <summary>The distances as an object.</summary>
    internal static JsValue ToJs(IEnumerable<KeyValuePair<string, double>> hops)
    {
        JsObject distances = new();
        foreach ((string feed, double distance) in hops) distances.Set(feed, JsValue.From(distance));
        return JsValue.From(distances);
    }

    private static string SelfOf(ApiCall call) =>
        call.Identity.Keys?.Id ?? throw ApiException.Error(
            $"Identity '{call.Identity.Name}' has no keys, so there is no feed to start from. Give {{start: feedId}}.");

    private static ValueTask<JsValue> IsAsync(ApiCall call, Func<Edge?, bool> holds)
    {
        JsValue options = call.Arg(0);
        string source = Text(options["source"]), dest = Text(options["dest"]);
        return FollowGraphCache.ReadAsync(call, graph =>
        {
            Edge? edge = graph.Find(source, dest);
            JsValue response = JsValue.From(holds(edge));
            return !options["details"].IsTruthy ? response : JsValue.From(new JsObject()
                .Set("response", response)
                .Set("private", JsValue.From(edge is { Private: true } && holds(edge))));
        });
    }

    private static string Text(JsValue value) => value.IsString ? value.AsString : "";

    private static ValueTask<JsValue> PublishAsync(ApiCall call, string field)
    {
        JsValue feed = call.Arg(0), options = call.Arg(1);
        if (!Parameters.IsFeed(feed))
            throw ApiException.Error($"{(field == "following" ? "follow" : "block")}() requires a feedId, got {feed}");
        JsValue state = options["state"];
        JsObject content = new JsObject().Set("type", JsValue.From("contact")).Set("contact", feed)
            .Set(field, state.IsUndefined ? JsValue.True : state);
        if (field == "blocking" && options["reason"].IsString) content.Set("reason", options["reason"]);
        if (!options["recps"].IsUndefined) content.Set("recps", options["recps"]);
        return PublishMethods.PublishAsync(call, JsValue.From(content));
    }

    private static ValueTask<JsValue> HopsAsync(ApiCall call) =>
        FollowGraphCache.ReadAsync(call, graph => ToJs(HopsOf(call, graph)));

    private static async IAsyncEnumerable<JsValue> GraphStream(ApiCall call)
    {
        (bool live, bool old) = LiveAndOld(call.Arg(0));
        (JsValue whole, Offset since) = await FollowGraphCache.ReadAsync(call,
            static graph => (graph.ToJs(static edge => JsValue.From(edge.Weight)), graph.Since)).ConfigureAwait(false);
        if (old || !live) yield return whole;
        if (!live) yield break;
        await foreach (EdgeChange change in Changes(call, since).ConfigureAwait(false))
            yield return JsValue.From(new JsObject().Set(change.From, JsValue.From(
                new JsObject().Set(change.To, JsValue.From(change.Edge.Weight)))));
    }

    private static async IAsyncEnumerable<JsValue> HopStream(ApiCall call)
    {
        JsValue options = call.Arg(0);
        bool live = options["live"].IsUndefined || options["live"].IsTruthy, old = options["old"].IsTruthy;
        await foreach (IReadOnlyCollection<KeyValuePair<string, double>> hops
            in DistancesAsync(call, live, old).ConfigureAwait(false))
            yield return ToJs(hops);
    }

    /// <summary>The distances as layered-graph returns them for unmodified options.</summary>
    internal static IAsyncEnumerable<IReadOnlyCollection<KeyValuePair<string, double>>> DistancesAsync(ApiCall call)
    {
        JsValue options = call.Arg(0);
        return DistancesAsync(call, options["live"] is { IsBoolean: true, AsBoolean: true },
            options["old"] is not { IsBoolean: true, AsBoolean: false });
    }

    /// <summary>All distances from the identity, then changes if <paramref name="live"/> is true.</summary>
    private static async IAsyncEnumerable<IReadOnlyCollection<KeyValuePair<string, double>>> DistancesAsync(
        ApiCall call, bool live, bool old)
    {
        // The shared graph can be ahead of the stream, so this folds one message at a time on a copy.
        FollowGraph graph = await FollowGraphCache.ReadAsync(call, static graph => graph.Copy()).ConfigureAwait(false);
        Dictionary<string, double> hops = Hops.From(graph, SelfOf(call), HopsMax, reverse: false);
        if (old || !live) yield return hops;
        if (!live) yield break;
        MessageReader reader = new(call.Identity);
        await foreach (Offset offset in LiveOffsets.After(call, graph.Since).ConfigureAwait(false))
        {
            if (!reader.TryOpened(offset, out JsValue message) || graph.Fold(message) is null) continue;
            Dictionary<string, double> now = Hops.From(graph, SelfOf(call), HopsMax, reverse: false);
            List<KeyValuePair<string, double>> changed =
                [.. now.Where(hop => !hops.TryGetValue(hop.Key, out double was) || was != hop.Value)];
            hops = now;
            if (changed.Count > 0) yield return changed;
        }
    }

    /// <summary>Streams the edges set by messages above <paramref name="since"/>, without end.</summary>
    internal static async IAsyncEnumerable<EdgeChange> Changes(ApiCall call, Offset since)
    {
        MessageReader reader = new(call.Identity);
        FollowGraph scratch = new();
        await foreach (Offset offset in LiveOffsets.After(call, since).ConfigureAwait(false))
        {
            if (reader.TryOpened(offset, out JsValue message) && scratch.Fold(message) is { } change)
                yield return change;
        }
    }

    private static (bool Live, bool Old) LiveAndOld(JsValue options) =>
        (options["live"].IsUndefined || options["live"].IsTruthy, options["old"].IsTruthy);
}
