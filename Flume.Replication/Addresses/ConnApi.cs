using System.Runtime.CompilerServices;
using Akka.Actor;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Replication.Local;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Scope = Flume.Ssb.Api.Scope;

namespace Flume.Replication.Addresses;

/// <summary>The methods of npm ssb-conn over the address book, with its shapes: <c>[address, data]</c>.</summary>
internal static class ConnApi
{
    private const string NotStaged = "(address): false; peers are not staged.";
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>The methods.</summary>
    public static IEnumerable<ApiMethod> Methods(ReplicationService service) =>
    [
        ApiMethod.Async("conn.connect", Scope.Admin, null, "(address | feedId): dials a peer and keeps it connected.",
            call => ConnectAsync(service, call)),
        ApiMethod.Async("conn.disconnect", Scope.Admin, null,
            "(address | feedId): closes the connections to a peer and stops dialling it; whether there was one.",
            call => DisconnectAsync(service, call)),
        ApiMethod.Source("conn.peers", Scope.Read, null, "(): the list of connected peers, now and when it changes.",
            call => PeersAsync(service, call, call.Cancelled)),
        ApiMethod.Source("conn.stagedPeers", Scope.Read, null, "(): the list of suggested peers: empty.", NobodyAsync),
        ApiMethod.Sync("conn.dbPeers", Scope.Read, null, "(): the list of known addresses with their data.",
            call => JsValue.From(new JsArray(Book(service, call)?.All().Select(Known) ?? []))),
        ApiMethod.Sync("conn.remember", Scope.Admin, null, "(address, {autoconnect}): adds an address.",
            call => Remember(service, call)),
        ApiMethod.Sync("conn.forget", Scope.Admin, null, "(address): removes an address.",
            call => JsValue.From(ReplicationApi.Hosted(service, call).Binding.Book.Forget(Address(call).ToString()))),
        ApiMethod.Sync("conn.stage", Scope.Admin, null, NotStaged, static _ => JsValue.False),
        ApiMethod.Sync("conn.unstage", Scope.Admin, null, NotStaged, static _ => JsValue.False),
        ApiMethod.Sync("conn.start", Scope.Admin, null, "(): lets the scheduler dial.",
            call => Schedule(service, call, true)),
        ApiMethod.Sync("conn.stop", Scope.Admin, null, "(): stops the scheduler; connections stay.",
            call => Schedule(service, call, false)),
        ApiMethod.Sync("flume.peers", Scope.Read, null,
            "(): connections and known addresses with direction, feeds behind, bytes and the last error.",
            call => service.Of(call.Identity.Name) is { } hosted
                ? PeerStatus.Describe(hosted)
                : JsValue.From(new JsArray())),
    ];

    /// <summary>The address that a call names: in any form, or by the feed id of a known peer.</summary>
    /// <exception cref="ApiException">The call names none.</exception>
    public static MultiserverAddress AddressOf(ReplicationService service, ApiCall call)
    {
        JsValue given = call.Arg(0);
        if (given.IsString && Ssb.Messages.Ref.IsFeed(given.AsString))
        {
            return ReplicationApi.Hosted(service, call).Binding.Book.Find(given.AsString)?.Address
                ?? throw ApiException.Error($"no known address for peer:{given.AsString}");
        }

        return Address(call);
    }

    /// <summary>Dials the address of a call and waits for the outcome.</summary>
    public static async ValueTask<JsValue> ConnectAsync(ReplicationService service, ApiCall call)
    {
        ReplicationService.Hosted hosted = ReplicationApi.Hosted(service, call);
        string? error = await hosted.ConnectAsync(AddressOf(service, call), call.Cancelled).ConfigureAwait(false);
        return error is null ? JsValue.From(new JsObject()) : throw ApiException.Error(error);
    }

    /// <summary>Closes the connections to the peer of a call.</summary>
    public static async ValueTask<JsValue> DisconnectAsync(ReplicationService service, ApiCall call)
    {
        ReplicationService.Hosted hosted = ReplicationApi.Hosted(service, call);
        JsValue given = call.Arg(0);
        string? feed = given.IsString && Ssb.Messages.Ref.IsFeed(given.AsString) ? given.AsString : null;
        bool wasDialled = false;
        MultiserverAddress? address = feed is null ? Address(call) : hosted.Binding.Book.Find(feed)?.Address;
        if (address is not null)
        {
            wasDialled = await hosted.Peers.Ask<bool>(new PeersActor.Disconnect(address), call.Cancelled)
                .ConfigureAwait(false);
        }

        string remote = feed ?? Ssb.Messages.Ref.Feed(address!.Key!.Value.Span);
        return JsValue.From(hosted.Binding.Sessions.Disconnect(one => one.Remote == remote) > 0 || wasDialled);
    }

    /// <summary>The address book of the call's identity; null if it does not replicate.</summary>
    public static AddressBook? Book(ReplicationService service, ApiCall call) =>
        service.Of(call.Identity.Name)?.Binding.Book;

    private static MultiserverAddress Address(ApiCall call) => AddressInput.Parse(call.Arg(0))
        ?? throw ApiException.Error(
            $"no address to dial: {call.Arg(0)}; expected a multiserver address, such as net:HOST:PORT~shs:KEY");

    private static JsValue Remember(ReplicationService service, ApiCall call)
    {
        bool isOff = call.Arg(1)["autoconnect"] is { IsBoolean: true, AsBoolean: false };
        PeerEntry? entry = ReplicationApi.Hosted(service, call).Binding.Book.Remember(
            Address(call), isOff ? PeerSource.Stored : PeerSource.Seed, !isOff);
        return JsValue.From(entry is not null);
    }

    private static JsValue Schedule(ReplicationService service, ApiCall call, bool isOn)
    {
        service.Of(call.Identity.Name)?.Peers.Tell(new PeersActor.Schedule(isOn), ActorRefs.NoSender);
        return JsValue.Undefined;
    }

    private static async IAsyncEnumerable<JsValue> NobodyAsync(ApiCall call)
    {
        yield return JsValue.From(new JsArray());
        await Task.Delay(Timeout.Infinite, call.Cancelled).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<JsValue> PeersAsync(
        ReplicationService service, ApiCall call, [EnumeratorCancellation] CancellationToken cancel)
    {
        string last = "";
        while (true)
        {
            JsValue now = JsValue.From(new JsArray(
                service.Of(call.Identity.Name)?.Binding.Sessions.All.Select(Connected) ?? []));
            string text = now.ToJson();
            if (text != last) yield return now;
            last = text;
            await Task.Delay(PollEvery, cancel).ConfigureAwait(false);
        }
    }

    private static JsValue Connected(KeyValuePair<PeerSession, DateTimeOffset> one)
    {
        JsValue at = JsValue.From(one.Value.ToUnixTimeMilliseconds());
        bool isNear = MultiserverAddress.ParseAll(one.Key.Address) is [{ Transport: "net" } address, ..]
            && HostNames.IsPrivate(address.HostAndPort().Host);
        JsObject data = new JsObject()
            .Set("key", JsValue.From(one.Key.Remote))
            .Set("state", JsValue.From("connected"));
        if (one.Key.Address.StartsWith(LocalLink.Transport, StringComparison.Ordinal))
            data.Set("type", JsValue.From(LocalLink.Transport));
        else
            data.Set("inferredType", JsValue.From(isNear ? "lan" : "internet"));
        data.Set("hubBirth", at).Set("hubUpdated", at);
        return JsValue.From(new JsArray([JsValue.From(one.Key.Address), JsValue.From(data)]));
    }

    private static JsValue Known(PeerEntry entry) =>
        JsValue.From(new JsArray([JsValue.From(entry.Address.ToString()), entry.ToJson()]));
}
