using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Views.Friends;

/// <summary>Who follows and blocks whom: the fold of all contact messages in log order (docs/spec 3.9).</summary>
/// <remarks>
/// An edge is 1 for following, -1 for blocking (or flagging), -2 for neither any more; the newest message about a pair
/// wins. Immutable for its readers: <see cref="FollowGraphCache"/> extends a graph only under its lock.
/// </remarks>
internal sealed class FollowGraph
{
    private readonly Dictionary<string, Dictionary<string, Edge>> _edges = new(StringComparer.Ordinal);

    /// <summary>The last record that is folded in.</summary>
    internal Offset Since { get; set; } = Offset.None;

    /// <summary>Every feed that said something of another, with what it says now.</summary>
    internal IReadOnlyDictionary<string, Dictionary<string, Edge>> Edges => _edges;

    /// <summary>The same graph, to go on alone.</summary>
    internal FollowGraph Copy()
    {
        FollowGraph copy = new() { Since = Since };
        foreach ((string from, Dictionary<string, Edge> to) in _edges) copy._edges[from] = new(to, StringComparer.Ordinal);
        return copy;
    }

    /// <summary>Folds one message in; returns what it changed, or null when it is no contact message.</summary>
    internal EdgeChange? Fold(JsValue message)
    {
        JsValue value = message["value"], content = value["content"], author = value["author"], contact = content["contact"];
        if (!Parameters.IsFeed(author) || !Parameters.IsFeed(contact)) return null;
        double weight = content["blocking"].IsTruthy || content["flagged"].IsTruthy ? -1
            : content["following"] is { IsBoolean: true, AsBoolean: true } ? 1 : -2;
        Edge edge = new(weight, value["private"].IsTruthy);
        if (!_edges.TryGetValue(author.AsString, out Dictionary<string, Edge>? to))
            _edges[author.AsString] = to = new(StringComparer.Ordinal);
        to[contact.AsString] = edge;
        return new EdgeChange(author.AsString, contact.AsString, edge);
    }

    /// <summary>What one feed says of another, or null.</summary>
    internal Edge? Find(string source, string dest) =>
        _edges.TryGetValue(source, out Dictionary<string, Edge>? to) && to.TryGetValue(dest, out Edge edge) ? edge : null;

    /// <summary>The graph as <c>{from: {to: 1|-1|-2}}</c>, each edge passed through <paramref name="map"/>.</summary>
    internal JsValue ToJs(Func<Edge, JsValue> map)
    {
        JsObject graph = new();
        foreach (string from in _edges.Keys) graph.Set(from, EdgesOf(from, map));
        return JsValue.From(graph);
    }

    /// <summary>What one feed says of others, as <c>{to: …}</c>; undefined when it said nothing.</summary>
    internal JsValue EdgesOf(string from, Func<Edge, JsValue> map)
    {
        if (!_edges.TryGetValue(from, out Dictionary<string, Edge>? to)) return JsValue.Undefined;
        JsObject edges = new();
        foreach ((string id, Edge edge) in to) edges.Set(id, map(edge));
        return JsValue.From(edges);
    }
}

/// <summary>What one feed says of another.</summary>
internal readonly record struct Edge(double Weight, bool Private);

/// <summary>An edge that a message set.</summary>
internal readonly record struct EdgeChange(string From, string To, Edge Edge);
