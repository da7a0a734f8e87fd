using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Friends;

/// <summary>Caches each identity's follow graph in memory and extends it with newly indexed messages.</summary>
internal static class FollowGraphCache
{
    /// <summary>Reads the graph of the call's snapshot of the friends view, under the graph's lock.</summary>
    internal static async ValueTask<T> ReadAsync<T>(ApiCall call, Func<FollowGraph, T> answer)
    {
        using ViewRead read = await call.ReadAsync("friends").ConfigureAwait(false);
        FollowGraph graph = call.Identity.Services.Get(static () => new FollowGraph());
        lock (graph)
        {
            Extend(call, graph, read);
            return answer(graph);
        }
    }

    private static void Extend(ApiCall call, FollowGraph graph, ViewRead read)
    {
        if (read.Since <= graph.Since) return;
        PostingRange beyond = new(0, 0, graph.Since.Value + 1, 0, 0, long.MaxValue);
        foreach ((_, JsValue message) in new Candidates(call, read.Rows).Read(FriendsView.Contacts, beyond))
            graph.Fold(message);
        graph.Since = read.Since;
    }
}
