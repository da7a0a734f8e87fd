using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Views.Friends;

/// <summary>The methods of ssb-friends before version 5, for older apps.</summary>
internal static class FriendsLegacyMethods
{
    private const string View = "friends";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async(
            "friends.get", Scope.Read, View, "{source, dest}: true follows, false blocks, null neither.", GetAsync),
        ApiMethod.Source(
            "friends.stream", Scope.Read, View,
            "(): the whole graph of {from: {to: true|false|null}}, then {from, to, value}.",
            Stream),
        ApiMethod.Source(
            "friends.createFriendStream", Scope.Read, View,
            "{meta, live, start, max}: ids, or {id, hops}, nearest graph.",
            FriendStream),
    ];

    private static ValueTask<JsValue> GetAsync(ApiCall call)
    {
        JsValue source = Id(call.Arg(0)["source"]), dest = Id(call.Arg(0)["dest"]);
        return FollowGraphCache.ReadAsync(call, graph =>
        {
            if (!source.IsTruthy && !dest.IsTruthy) return graph.ToJs(Legacy);
            if (source.IsTruthy)
            {
                JsValue edges = graph.EdgesOf(source.AsString, Legacy);
                return dest.IsTruthy && !edges.IsUndefined
                    ? edges[dest.AsString] is { IsUndefined: false } edge ? edge : JsValue.Null
                    : edges.IsUndefined ? JsValue.From(new JsObject()) : edges;
            }
            JsObject back = new();
            string to = dest.AsString;
            foreach (string from in graph.Edges.Keys)
            {
                if (graph.Find(from, to) is { } edge) back.Set(from, Legacy(edge));
            }
            return JsValue.From(back);
        });
    }

    private static async IAsyncEnumerable<JsValue> Stream(ApiCall call)
    {
        (JsValue whole, Offset since) = await FollowGraphCache.ReadAsync(
            call, static graph => (graph.ToJs(Legacy), graph.Since))
            .ConfigureAwait(false);
        yield return whole;
        await foreach (EdgeChange change in FriendsMethods.Changes(call, since).ConfigureAwait(false))
            yield return JsValue.From(new JsObject().Set("from", JsValue.From(change.From))
                .Set("to", JsValue.From(change.To)).Set("value", Legacy(change.Edge)));
    }

    /// <summary>
    /// First the followed feeds of the current graph. Then, if live, each feed whose distance decreases or that is
    /// unfollowed.
    /// </summary>
    private static async IAsyncEnumerable<JsValue> FriendStream(ApiCall call)
    {
        bool meta = call.Arg(0)["meta"].IsTruthy, first = true;
        await foreach (IReadOnlyCollection<KeyValuePair<string, double>> hops
            in FriendsMethods.DistancesAsync(call).ConfigureAwait(false))
        {
            foreach ((string feed, double distance) in hops)
            {
                if (first && distance < 0) continue;
                yield return meta
                    ? JsValue.From(new JsObject().Set("id", JsValue.From(feed)).Set("hops", JsValue.From(distance)))
                    : JsValue.From(feed);
            }
            first = false;
        }
    }

    private static JsValue Id(JsValue given) =>
        given.IsTruthy ? JsValue.From(JsCoercion.ToText(given)) : JsValue.Undefined;

    private static JsValue Legacy(Edge edge) =>
        edge.Weight >= 0 ? JsValue.True : edge.Weight == -1 ? JsValue.False : JsValue.Null;
}
