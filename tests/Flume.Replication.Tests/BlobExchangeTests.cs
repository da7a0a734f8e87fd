using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Flume.Muxrpc.Calls;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>The exchange of blobs over real sockets, with Flumes and with a peer that misbehaves.</summary>
public sealed class BlobExchangeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(131_072)]
    [InlineData(4_000_000)]
    [InlineData((5 << 20) - 1)]
    public async Task A_wanted_blob_travels_over_two_hops(int bytes)
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await using FlumePeer c = await FlumePeer.StartAsync();
        await a.ConnectAsync(b.Address);
        await b.ConnectAsync(c.Address);
        string id = await c.AddBlobAsync(bytes);
        await a.WantAsync(id);
        Assert.Equal(bytes, a.Blobs.Find(id)!.Size);
        Assert.Equal(bytes, b.Blobs.Find(id)!.Size);
    }

    [Fact]
    public async Task A_pushed_blob_reaches_a_peer_that_did_not_ask()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        string id = await a.AddBlobAsync(1000);
        await a.CallAsync("blobs.push", JsValue.From(id));
        await a.ConnectAsync(b.Address);
        await b.WantAsync(id);
        Assert.True(File.Exists(Path.Combine(a.Identity.Directory, "blobs", "pushed.json")));
    }

    [Fact]
    public async Task Wrong_content_is_refused_and_removed_and_the_blob_comes_from_another_peer()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync(), other = await FlumePeer.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        string id = Ref.Blob(SHA256.HashData(content));
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OddPeer odd = await OddPeer.ConnectAsync(flume, Offer(id, new RpcInvocation
        {
            BytesSource = _ =>
            {
                asked.TrySetResult();
                return new ReadOnlyMemory<byte>[] { RandomNumberGenerator.GetBytes(100_000) }.ToAsyncEnumerable();
            },
        }));
        Task want = flume.WantAsync(id);
        await asked.Task.WaitAsync(Patience);
        await odd.Connection.CallAsync("blobs.has", new JsArray().Add(JsValue.From(id)), default);
        Assert.False(want.IsCompleted);
        await other.AddBlobAsync(content);
        await flume.ConnectAsync(other.Address);
        await want;
        Assert.Equal(100_000, flume.Blobs.Find(id)!.Size);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(flume.Identity.Directory, "blobs", "tmp")));
    }

    [Fact]
    public async Task A_blob_without_end_costs_its_sender_the_connection_and_nobody_else_anything()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync(), other = await FlumePeer.StartAsync();
        string good = await other.AddBlobAsync(1000), endless = Ref.Blob(SHA256.HashData("endless"u8));
        await flume.ConnectAsync(other.Address);
        byte[] piece = new byte[65_536];
        await using OddPeer odd = await OddPeer.ConnectAsync(flume, Offer(endless, new RpcInvocation
        {
            Duplex = async (stream, cancel) =>
            {
                // It ignores the end of the stream, as no correct program does.
                while (true) await stream.WriteBytesAsync(piece, cancel);
            },
        }));
        Task want = flume.WantAsync(endless);
        await odd.Ended.WaitAsync(Patience);
        await flume.WantAsync(good);
        Assert.False(want.IsCompletedSuccessfully);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(flume.Identity.Directory, "blobs", "tmp")));
    }

    [Fact]
    public async Task Unnamed_blobs_are_collected_and_named_young_and_pushed_ones_stay()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        string unnamed = await flume.AddBlobAsync(10), named = await flume.AddBlobAsync(20);
        string secret = await flume.AddBlobAsync(30), pushed = await flume.AddBlobAsync(40);
        await flume.PostAsync($"an image ![x]({named})");
        await flume.CallAsync("publish", JsValue.Parse(
            $$"""{"type":"post","text":"{{secret}}?unbox=KEY.boxs","recps":["{{flume.Id}}"]}"""));
        await flume.CallAsync("blobs.push", JsValue.From(pushed));
        JsValue young = await flume.CallAsync("flume.collectBlobs");
        Assert.Equal("""{"removed":0,"bytes":0,"kept":4}""", young.ToJson());
        JsValue dry = await flume.CallAsync("flume.collectBlobs", JsValue.Parse("""{"olderThanMs":0,"dryRun":true}"""));
        Assert.Equal("""{"removed":1,"bytes":10,"kept":3}""", dry.ToJson());
        Assert.NotNull(flume.Blobs.Find(unnamed));
        JsValue done = await flume.CallAsync("flume.collectBlobs", JsValue.Parse("""{"olderThanMs":0}"""));
        Assert.Equal(dry.ToJson(), done.ToJson());
        Assert.Null(flume.Blobs.Find(unnamed));
        Assert.All([named, secret, pushed], id => Assert.NotNull(flume.Blobs.Find(id)));
    }

    [Fact]
    public async Task No_more_is_fetched_at_the_quota()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync("flume.replication.blobs.quota-bytes = 1000");
        await using FlumePeer other = await FlumePeer.StartAsync();
        await flume.ConnectAsync(other.Address);
        await flume.WantAsync(await other.AddBlobAsync(1000));
        string second = await other.AddBlobAsync(10);
        Task want = flume.CallAsync("blobs.want", JsValue.From(second));
        while (flume.Hosted.Binding.Sessions.All.Single().Key.Blobs!.LastError.Length == 0) await Task.Yield();
        Assert.Contains("quota-bytes is 1000", flume.Hosted.Binding.Sessions.All.Single().Key.Blobs!.LastError);
        Assert.False(want.IsCompleted);
    }

    private static Dictionary<string, RpcInvocation> Offer(string id, RpcInvocation get) => new()
    {
        ["blobs.createWants"] = new() { Source = cancel => Items($$"""{"{{id}}":1000}""", cancel) },
        ["blobs.get"] = get,
    };

    private static async IAsyncEnumerable<JsValue> Items(
        string json, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return JsValue.Parse(json);
        await Task.Delay(Timeout.Infinite, cancel);
    }
}
