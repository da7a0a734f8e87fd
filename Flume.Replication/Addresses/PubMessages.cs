using Flume.Query.Json;
using Flume.Replication.Peers;
using Flume.Ssb.Api;

namespace Flume.Replication.Addresses;

/// <summary>Takes the addresses of messages of type pub into the book.</summary>
/// <remarks>
/// Only messages of replicated feeds count. A private host is skipped unless the configuration allows it. The scheduler
/// dials an address only if the identity replicates the pub's own feed.
/// </remarks>
internal static class PubMessages
{
    /// <summary>Reads all messages of type pub.</summary>
    public static async Task ReadAsync(
        IIdentity identity, IdentityReplication replication, AddressBook book, CancellationToken cancel)
    {
        BuiltInApi.Table.TryGet("messagesByType", out ApiMethod byType);
        JsArray args = new JsArray().Add(JsValue.From(new JsObject().Set("type", JsValue.From("pub"))));
        IReadOnlyDictionary<string, long> wanted = replication.Wanted();
        await foreach (JsValue message in byType.Open!(new ApiCall(identity, args, cancel)).ConfigureAwait(false))
        {
            JsValue value = message["value"];
            if (!value["author"].IsString || !wanted.ContainsKey(value["author"].AsString)) continue;
            if (AddressInput.Parse(value["content"]["address"]) is not { Transport: "net" } address) continue;
            if (!replication.Settings.AllowPrivate && HostNames.IsPrivate(address.HostAndPort().Host)) continue;
            PeerEntry entry = new(address, PeerSource.Pub, false, 0);
            if (entry.Key != replication.Store.Self)
                book.Remember(address, PeerSource.Pub, wanted.ContainsKey(entry.Key));
        }
    }
}
