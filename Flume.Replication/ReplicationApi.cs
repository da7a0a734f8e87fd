using Flume.Query.Json;
using Flume.Replication.Addresses;
using Flume.Replication.Blobs;
using Flume.Replication.Feeds;
using Flume.Replication.Invites;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Scope = Flume.Ssb.Api.Scope;

namespace Flume.Replication;

/// <summary>
/// The API methods of replication. They replace the methods that refuse because Flume makes no connections.
/// </summary>
internal static class ReplicationApi
{
    /// <summary>Creates a table in which these methods replace those of another table.</summary>
    public static ApiTable Over(ApiTable table, ReplicationService service)
    {
        ApiMethod[] own = [.. Methods(service), .. BlobApi.Methods(table, service), .. InviteApi.Methods(service),
            .. ConnApi.Methods(service), .. GossipApi.Methods(service)];
        HashSet<string> replaced = [.. own.Select(method => method.Name), "manifest", "help"];
        ApiTable? all = null;
        return all = new ApiTable([
            .. table.Methods.Where(method => !replaced.Contains(method.Name)),
            .. own,
            ApiMethod.Sync("manifest", Scope.Read, null, Summary(table, "manifest"), _ => all!.Manifest()).ForAnyone(),
            ApiMethod.Sync("help", Scope.Read, null, Summary(table, "help"), _ => Help.Of("", all!))]);
    }

    private static IEnumerable<ApiMethod> Methods(ReplicationService service) =>
    [
        ApiMethod.Sync("ebt.clock", Scope.Read, null, "(): {feedId: sequence} of every feed that is replicated.",
            call => Clock(Hosted(service, call))),
        ApiMethod.Source("replicate.upto", Scope.Read, null, "(): {id, sequence} of every feed that is replicated.",
            call => UptoAsync(Hosted(service, call))),
        ApiMethod.Sync("flume.replication", Scope.Read, null,
            "(): {wanted, behind, sent, accepted, peers, forks} of this identity; null when it does not replicate.",
            call => Describe(service, call)),
    ];

    private static string Summary(ApiTable table, string name) =>
        table.TryGet(name, out ApiMethod method) ? method.Summary : "";

    /// <summary>The replication of the call's identity.</summary>
    /// <exception cref="ApiException">The identity does not replicate.</exception>
    internal static ReplicationService.Hosted Hosted(ReplicationService service, ApiCall call) =>
        service.Of(call.Identity.Name) ?? throw ApiException.Error(
            $"Identity '{call.Identity.Name}' does not replicate. " +
                "Set flume.replication.enabled = on, and give the identity a secret.");

    private static JsValue Clock(ReplicationService.Hosted hosted)
    {
        JsObject clock = new();
        foreach ((string feed, long sequence) in hosted.Replication.Wanted()) clock.Set(feed, JsValue.From(sequence));
        return JsValue.From(clock);
    }

    private static async IAsyncEnumerable<JsValue> UptoAsync(ReplicationService.Hosted hosted)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach ((string feed, long sequence) in hosted.Replication.Wanted())
            yield return JsValue.From(new JsObject()
                .Set("id", JsValue.From(feed))
                .Set("sequence", JsValue.From(sequence)));
    }

    private static JsValue Describe(ReplicationService service, ApiCall call)
    {
        if (service.Of(call.Identity.Name) is not { } hosted) return JsValue.Null;
        JsObject forks = new();
        foreach ((string feed, IReadOnlyList<Fork> all) in hosted.Replication.Forks.ToDictionary())
        {
            forks.Set(feed, JsValue.From(new JsArray(all.Select(static fork => JsValue.From(new JsObject()
                .Set("sequence", JsValue.From(fork.Sequence))
                .Set("reason", JsValue.From(fork.Reason)))))));
        }

        return JsValue.From(new JsObject()
            .Set("wanted", JsValue.From(hosted.Replication.Wanted().Count))
            .Set("behind", JsValue.From(hosted.Replication.Behind()))
            .Set("sent", JsValue.From(hosted.Replication.SentCount))
            .Set("accepted", JsValue.From(hosted.Replication.AcceptedCount))
            .Set("peers", JsValue.From(new JsArray(hosted.Binding.Sessions.All.Select(Peer))))
            .Set("forks", JsValue.From(forks)));
    }

    private static JsValue Peer(KeyValuePair<PeerSession, DateTimeOffset> one) => JsValue.From(new JsObject()
        .Set("key", JsValue.From(one.Key.Remote))
        .Set("address", JsValue.From(one.Key.Address))
        .Set("direction", JsValue.From(one.Key.IsClient ? "out" : "in"))
        .Set("mode", JsValue.From(one.Key.Mode))
        .Set("since", JsValue.From(one.Value.ToUnixTimeMilliseconds())));
}
