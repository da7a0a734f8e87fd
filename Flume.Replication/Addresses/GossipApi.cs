using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Replication.Addresses;

/// <summary>The methods of npm ssb-gossip over the address book, with its shapes: one entry for each key.</summary>
internal static class GossipApi
{
    private const int NewsWaitingMax = 1000;

    /// <summary>The methods.</summary>
    public static IEnumerable<ApiMethod> Methods(ReplicationService service) =>
    [
        ApiMethod.Async("gossip.connect", Scope.Admin, null, "(address | feedId): dials a peer and keeps it connected.",
            call => ConnApi.ConnectAsync(service, call)),
        ApiMethod.Async("gossip.disconnect", Scope.Admin, null, "(address | feedId): closes the connections to a peer.",
            call => ConnApi.DisconnectAsync(service, call)),
        ApiMethod.Sync("gossip.peers", Scope.Read, null, "(): the list of known peers with their states.",
            call => JsValue.From(new JsArray(Entries(service, call)))),
        ApiMethod.Sync("gossip.get", Scope.Read, null, "(address | feedId): one known peer; undefined for another.",
            call => Get(service, call)),
        ApiMethod.Sync("gossip.add", Scope.Admin, null, "(address, source): adds a peer; its entry.",
            call => Add(service, call)),
        ApiMethod.Sync("gossip.remove", Scope.Admin, null, "(address | feedId): removes a peer.",
            call => Remove(service, call)),
        ApiMethod.Sync("gossip.reconnect", Scope.Admin, null, "(): closes all connections; the time.",
            call => Reconnect(service, call)),
        ApiMethod.Source("gossip.changes", Scope.Read, null, "(): {type, peer} of what happens to peers from now on.",
            call => ChangesAsync(service, call, call.Cancelled)),
    ];

    private static IEnumerable<JsValue> Entries(ReplicationService service, ApiCall call) =>
        ConnApi.Book(service, call)?.All().GroupBy(static entry => entry.Key, StringComparer.Ordinal)
            .Select(peer => Entry(service, call, Best(peer))) ?? [];

    /// <summary>The entry that stands for a peer with several addresses.</summary>
    private static PeerEntry Best(IEnumerable<PeerEntry> entries) => entries
        .OrderByDescending(static entry => entry.State == "connected")
        .ThenByDescending(static entry => entry.Source).First();

    private static JsValue Get(ReplicationService service, ApiCall call)
    {
        string key = KeyOf(call.Arg(0));
        return ConnApi.Book(service, call)?.Find(key) is { } entry ? Entry(service, call, entry) : JsValue.Undefined;
    }

    private static JsValue Add(ReplicationService service, ApiCall call)
    {
        ReplicationService.Hosted hosted = ReplicationApi.Hosted(service, call);
        MultiserverAddress address = AddressInput.Parse(call.Arg(0))
            ?? throw ApiException.Error($"not a valid address:{call.Arg(0).ToJson()}");
        if (Ref.Feed(address.Key!.Value.Span) == hosted.Replication.Store.Self) return JsValue.Undefined;
        PeerSource source = call.Arg(1) is { IsString: true } named && named.AsString == "pub"
            ? PeerSource.Stored : PeerSource.Seed;
        PeerEntry? entry = hosted.Binding.Book.Remember(address, source, autoConnect: true);
        return entry is null ? JsValue.Undefined : Entry(service, call, entry);
    }

    private static JsValue Remove(ReplicationService service, ApiCall call)
    {
        string key = KeyOf(call.Arg(0));
        AddressBook book = ReplicationApi.Hosted(service, call).Binding.Book;
        foreach (PeerEntry entry in book.All().Where(entry => entry.Key == key)) book.Forget(entry.Address.ToString());
        return JsValue.Undefined;
    }

    private static JsValue Reconnect(ReplicationService service, ApiCall call)
    {
        ReplicationApi.Hosted(service, call).Binding.Sessions.Disconnect(static _ => true);
        return JsValue.From(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    private static string KeyOf(JsValue given)
    {
        if (given.IsString && Ref.IsFeed(given.AsString)) return given.AsString;
        if (AddressInput.Parse(given) is { } address) return Ref.Feed(address.Key!.Value.Span);
        return given["key"] is { IsString: true } key && Ref.IsFeed(key.AsString)
            ? key.AsString
            : throw ApiException.Error($"must provide id:{given.ToJson()}");
    }

    private static async IAsyncEnumerable<JsValue> ChangesAsync(
        ReplicationService service, ApiCall call, [EnumeratorCancellation] CancellationToken cancel)
    {
        Channel<JsValue> news = Channel.CreateBounded<JsValue>(
            new BoundedChannelOptions(NewsWaitingMax) { FullMode = BoundedChannelFullMode.DropOldest });
        AddressBook? book = ConnApi.Book(service, call);
        void Tell(string type, PeerEntry entry) => news.Writer.TryWrite(JsValue.From(new JsObject()
            .Set("type", JsValue.From(type)).Set("peer", Entry(service, call, entry))));
        if (book is not null) book.Changed += Tell;
        try
        {
            await foreach (JsValue one in news.Reader.ReadAllAsync(cancel).ConfigureAwait(false)) yield return one;
        }
        finally
        {
            if (book is not null) book.Changed -= Tell;
        }
    }

    private static JsValue Entry(ReplicationService service, ApiCall call, PeerEntry entry)
    {
        JsObject peer = new JsObject()
            .Set("address", JsValue.From(entry.Address.ToString()))
            .Set("key", JsValue.From(entry.Key));
        if (entry.Address.Transport == "net")
        {
            (string host, int port) = entry.Address.HostAndPort();
            peer.Set("host", JsValue.From(host)).Set("port", JsValue.From(port));
        }

        string source = entry.Source >= PeerSource.Manual ? "manual" : entry.Source.ToString().ToLowerInvariant();
        peer.Set("source", JsValue.From(source))
            .Set("announcers", JsValue.From(1))
            .Set("duration", JsValue.Null)
            .Set("stateChange", JsValue.From(entry.StateChange))
            .Set("failure", JsValue.From(entry.Failure));
        PeerSession? session = service.Of(call.Identity.Name)?.Binding.Sessions.All
            .Select(static one => one.Key).FirstOrDefault(one => one.Remote == entry.Key);
        string? state = session is not null ? "connected" : entry.State;
        if (state is not null) peer.Set("state", JsValue.From(state));
        if (session is not null) peer.Set("client", JsValue.From(session.IsClient));
        if (entry.LastError is { } error) peer.Set("error", JsValue.From(error));
        return JsValue.From(peer);
    }
}
