using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Views.Friends;

/// <summary>The follow and block graph, folded from all contact messages in log order (docs/spec 3.9).</summary>
/// <remarks>
/// An edge is 1 for following, -1 for blocking (or flagging), and -2 for neither after a change. The newest message
/// about a pair wins. Immutable for readers: <see cref="FollowGraphCache"/> extends a graph only under its lock.
/// </remarks>
internal sealed class FollowGraph
{
    private readonly Dictionary<string, Dictionary<string, Edge>> _edges = new(StringComparer.Ordinal);

    /// <summary>The offset of the last folded record.</summary>
    internal Offset Since { get; set; } = Offset.None;

    /// <summary>The current edges of each feed that has any.</summary>
    internal IReadOnlyDictionary<string, Dictionary<string, Edge>> Edges => _edges;

    /// <summary>An independent copy of the graph.</summary>
    internal FollowGraph Copy()
    {
        FollowGraph copy = new() { Since = Since };
        foreach ((string from, Dictionary<string, Edge> to) in _edges)
            copy._edges[from] = new(to, StringComparer.Ordinal);
        return copy;
    }

    /// <summary>Folds one message. Returns the changed edge, or null if it is not a contact message.</summary>
    internal EdgeChange? Fold(JsValue message)
    {
        JsValue value = message["value"], content = value["content"], author = value["author"];
        JsValue contact = content["contact"];
        if (!Parameters.IsFeed(author) || !Parameters.IsFeed(contact)) return null;
        double weight = content["blocking"].IsTruthy || content["flagged"].IsTruthy ? -1
            : content["following"] is { IsBoolean: true, AsBoolean: true } ? 1 : -2;
        Edge edge = new(weight, value["private"].IsTruthy);
        if (!_edges.TryGetValue(author.AsString, out Dictionary<string, Edge>? to))
            _edges[author.AsString] = to = new(StringComparer.Ordinal);
        to[contact.AsString] = edge;
        return new EdgeChange(author.AsString, contact.AsString, edge);
    }

    /// <summary>The edge from one feed to another, or null.</summary>
    internal Edge? Find(string source, string dest) =>
        _edges.TryGetValue(source, out Dictionary<string, Edge>? to) && to.TryGetValue(dest, out Edge edge)
            ? edge
            : null;

    /// <summary>The graph as <c>{from: {to: 1|-1|-2}}</c>, with each edge mapped by <paramref name="map"/>.</summary>
    internal JsValue ToJs(Func<Edge, JsValue> map)
    {
        JsObject graph = new();
        foreach (string from in _edges.Keys) graph.Set(from, EdgesOf(from, map));
        return JsValue.From(graph);
    }

    /// <summary>The edges from one feed as <c>{to: …}</c>; undefined if it has none.</summary>
    internal JsValue EdgesOf(string from, Func<Edge, JsValue> map)
    {
        if (!_edges.TryGetValue(from, out Dictionary<string, Edge>? to)) return JsValue.Undefined;
        JsObject edges = new();
        foreach ((string id, Edge edge) in to) edges.Set(id, map(edge));
        return JsValue.From(edges);
    }
}

/// <summary>An edge from one feed to another.</summary>
internal readonly record struct Edge(double Weight, bool Private);

/// <summary>The change of an edge by a message.</summary>
internal readonly record struct EdgeChange(string From, string To, Edge Edge);
