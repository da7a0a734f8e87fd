using Flume.Query.Json;

namespace Flume.Ssb.Api.Methods;

/// <summary>Answers calls about connections to peers. Flume does not replicate, so there are none.</summary>
/// <remarks>Programs that list connections get an empty list. Requests for a connection fail with the reason.</remarks>
internal static class PeerMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source(
            "conn.peers", Scope.Read, null, "(): the list of connected peers, now and when it changes: empty.", Nobody),
        ApiMethod.Source(
            "conn.stagedPeers", Scope.Read, null, "(): the list of peers nearby, now and when it changes: empty.",
            Nobody),
        ApiMethod.Sync("conn.dbPeers", Scope.Read, null, "(): the list of peers known: empty.", Empty),
        ApiMethod.Sync(
            "conn.stop", Scope.Admin, null, "(): nothing; no connections are made.", static _ => JsValue.Undefined),
        Refused("conn.start"),
        Refused("conn.connect"),
        ApiMethod.Sync("gossip.peers", Scope.Read, null, "(): the list of peers known: empty.", Empty),
        ApiMethod.Source("gossip.changes", Scope.Read, null, "(): what happens to connections: nothing.", Silence),
        Refused("gossip.connect"),
    ];

    private static JsValue Empty(ApiCall call) => JsValue.From(new JsArray());

    private static ApiMethod Refused(string name) => ApiMethod.Async(
        name, Scope.Admin, null, "(): refused; Flume makes no connections to peers.",
        _ => throw ApiException.Error(
            $"{name} is refused: Flume makes no connections to peers. Let another server replicate into its log."));

    private static async IAsyncEnumerable<JsValue> Nobody(ApiCall call)
    {
        yield return JsValue.From(new JsArray());
        await Task.Delay(Timeout.Infinite, call.Cancelled).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<JsValue> Silence(ApiCall call)
    {
        await Task.Delay(Timeout.Infinite, call.Cancelled).ConfigureAwait(false);
        yield break;
    }
}
