namespace Flume.Ssb.Views.Friends;

/// <summary>
/// The distance of every feed from one feed: Dijkstra over the follow graph, including blocks (docs/spec 3.9).
/// </summary>
/// <remarks>
/// An edge starts at a feed at distance h (0 ≤ h &lt; max). A weight w ≥ 0 leads to h + w (0 counts as 0.1). A negative
/// weight w leads to -h + w. The distance with the smaller magnitude wins; in a tie, the positive one. Source: npm
/// dynamic-dijkstra.
/// </remarks>
internal static class Hops
{
    /// <summary>Distances from <paramref name="start"/>, which has distance 0. In reverse, distances to it.</summary>
    internal static Dictionary<string, double> From(FollowGraph graph, string start, double max, bool reverse)
    {
        IReadOnlyDictionary<string, Dictionary<string, Edge>> edges = reverse ? Reverse(graph.Edges) : graph.Edges;
        Dictionary<string, double> hops = new(StringComparer.Ordinal) { [start] = 0 };
        PriorityQueue<string, double> next = new();
        next.Enqueue(start, 0);
        while (next.TryDequeue(out string? feed, out _))
        {
            double distance = hops[feed];
            if (distance < 0 || distance >= max || !edges.TryGetValue(feed, out Dictionary<string, Edge>? to)) continue;
            foreach ((string id, Edge edge) in to)
            {
                double reached = Add(distance, edge.Weight);
                if (hops.TryGetValue(id, out double known) && Nearer(known, reached) == known) continue;
                hops[id] = reached;
                next.Enqueue(id, Math.Abs(reached));
            }
        }
        return hops;
    }

    private static double Add(double distance, double weight) =>
        weight >= 0 ? distance + (weight == 0 ? 0.1 : weight) : -distance + weight;

    private static double Nearer(double a, double b) =>
        Math.Abs(a) == Math.Abs(b) ? Math.Max(a, b) : Math.Abs(a) < Math.Abs(b) ? a : b;

    private static Dictionary<string, Dictionary<string, Edge>> Reverse(
        IReadOnlyDictionary<string, Dictionary<string, Edge>> edges)
    {
        Dictionary<string, Dictionary<string, Edge>> reverse = new(StringComparer.Ordinal);
        foreach ((string from, Dictionary<string, Edge> to) in edges)
        {
            foreach ((string id, Edge edge) in to)
            {
                if (!reverse.TryGetValue(id, out Dictionary<string, Edge>? back))
                    reverse[id] = back = new(StringComparer.Ordinal);
                back[from] = edge;
            }
        }
        return reverse;
    }
}
