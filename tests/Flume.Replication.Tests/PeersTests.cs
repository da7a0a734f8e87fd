using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>What operators and clients see of peers, and how they change them.</summary>
public sealed class PeersTests
{
    private const string Soon = "flume.replication.retry-ms = 1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_connection_is_shown_on_both_sides_with_direction_and_bytes()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await a.FollowAsync(b.Id);
        await b.PostAsync("x");
        await a.ConnectAsync(b.Address);
        await a.UntilAsync(b.Id, 1);
        JsValue seen = (await a.CallAsync("flume.peers")).AsArray.Single();
        Assert.Equal(("connected", "out", b.Id), (seen["state"].AsString, seen["direction"].AsString, seen["key"].AsString));
        Assert.True(seen["bytesReceived"].AsNumber > 100, seen.ToJson());
        Assert.Equal("in", (await b.CallAsync("flume.peers")).AsArray.Single()["direction"].AsString);
        JsValue gossip = (await a.CallAsync("gossip.peers")).AsArray.Single();
        Assert.Equal(
            (b.Address, "connected", "manual"),
            (gossip["address"].AsString, gossip["state"].AsString, gossip["source"].AsString));
        Assert.Equal(b.Address, (await a.CallAsync("conn.dbPeers")).AsArray.Single().AsArray.At(0).AsString);
    }

    [Fact]
    public async Task Disconnecting_ends_a_connection_from_either_side_and_a_second_time_says_so()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(Soon), b = await FlumePeer.StartAsync();
        await a.ConnectAsync(b.Address);
        await UntilAsync(() => b.Hosted.Binding.Sessions.All.Count == 1);
        Assert.Equal(JsValue.True, await a.CallAsync("conn.disconnect", JsValue.From(b.Id)));
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count + b.Hosted.Binding.Sessions.All.Count == 0);
        Assert.Equal(JsValue.False, await a.CallAsync("conn.disconnect", JsValue.From(b.Address)));
        await a.ConnectAsync(b.Address);
        await UntilAsync(() => b.Hosted.Binding.Sessions.All.Count == 1);
        Assert.Equal(JsValue.True, await b.CallAsync("gossip.disconnect", JsValue.From(a.Id)));
    }

    [Fact]
    public async Task A_peer_that_becomes_blocked_loses_its_connection()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await b.ConnectAsync(a.Address);
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count == 1);
        await a.BlockAsync(b.Id);
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count == 0);
    }

    [Fact]
    public async Task The_scheduler_dials_a_remembered_address_and_keeps_failures_and_errors()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(Soon), b = await FlumePeer.StartAsync();
        string nobody = $"net:127.0.0.1:1~shs:{Convert.ToBase64String(FeedKeys.Generate().PublicKey.Span)}";
        await a.CallAsync("conn.remember", JsValue.From(nobody));
        await a.CallAsync("conn.remember", JsValue.From(b.Address));
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count == 1);
        await UntilAsync(() => a.Hosted.Binding.Book.Find(nobody) is { Failure: > 0, LastError: not null });
        Assert.Equal(JsValue.True, await a.CallAsync("conn.forget", JsValue.From(nobody)));
        Assert.Equal(JsValue.False, await a.CallAsync("conn.forget", JsValue.From(nobody)));
    }

    [Fact]
    public async Task The_texts_of_gossip_are_those_that_clients_know()
    {
        await using FlumePeer a = await FlumePeer.StartAsync();
        string stranger = FeedKeys.Generate().Id;
        Assert.Equal($"no known address for peer:{stranger}", await ErrorAsync(a, "gossip.connect", $"\"{stranger}\""));
        Assert.Equal("must provide id:\"x\"", await ErrorAsync(a, "gossip.get", "\"x\""));
        Assert.Equal("not a valid address:{\"a\":1}", await ErrorAsync(a, "gossip.add", """{"a":1}"""));
        Assert.True((await a.CallAsync("gossip.add", JsValue.From(a.Address))).IsUndefined);
    }

    [Fact]
    public async Task Addresses_of_pub_messages_are_known_and_dialled_only_if_the_pub_is_replicated()
    {
        await using FlumePeer a = await FlumePeer.StartAsync("flume.replication.allow-private = on");
        FeedKeys pub = FeedKeys.Generate();
        await a.CallAsync("publish", JsValue.Parse(
            $$"""{"type":"pub","address":{"host":"10.1.2.3","port":8008,"key":"{{pub.Id}}" } }"""));
        await Addresses.PubMessages.ReadAsync(a.Identity, a.Hosted.Replication, a.Hosted.Binding.Book, default);
        Addresses.PeerEntry entry = Assert.Single(a.Hosted.Binding.Book.All());
        Assert.Equal((pub.Id, false), (entry.Key, entry.AutoConnect));
    }

    private static async Task<string> ErrorAsync(FlumePeer peer, string method, string argument) =>
        (await Assert.ThrowsAsync<ApiException>(() => peer.CallAsync(method, JsValue.Parse(argument)))).Message;

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!isSo()) await Task.Delay(10, patience.Token);
    }
}
