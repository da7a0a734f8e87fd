namespace Flume.Replication.Tests;

/// <summary>Blobs between Flume and the real peers.</summary>
[Trait("Category", "Peers")]
public sealed class JsBlobTests
{
    [PeerTheory("js16")]
    [InlineData(1000, true)]
    [InlineData(100_000, false)]
    [InlineData(131_072, true)]
    [InlineData(4_000_000, true)]
    [InlineData(5_242_879, false)]
    public async Task Js_gets_a_blob_that_Flume_has(int bytes, bool weDial)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer js = await JsPeer.StartAsync("js16");
        await ConnectAsync(flume, js, weDial);
        string id = await flume.AddBlobAsync(bytes);
        await js.CallAsync("wantBlob", id);
        Assert.True((bool)(await js.CallAsync("hasBlob", id))!);
    }

    // A JavaScript peer ends a blob of k x 65,536 bytes with an empty packet.
    [PeerTheory("js16")]
    [InlineData(1000, true)]
    [InlineData(65_536, false)]
    [InlineData(131_072, true)]
    [InlineData(4_000_000, false)]
    public async Task Flume_gets_a_blob_that_js_has(int bytes, bool weDial)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer js = await JsPeer.StartAsync("js16");
        await ConnectAsync(flume, js, weDial);
        string id = (string)(await js.CallAsync("addBlob", bytes))!;
        await flume.WantAsync(id);
        Assert.Equal(bytes, flume.Blobs.Find(id)!.Size);
    }

    [PeerTheory("js16", "mv")]
    [InlineData("js16", "js16")]
    [InlineData("mv", "js16")]
    [InlineData("js16", "mv")]
    public async Task Flume_passes_a_want_and_its_blob_on_between_two_peers(string owner, string reader)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer from = await JsPeer.StartAsync(owner), to = await JsPeer.StartAsync(reader);
        await flume.ConnectAsync(from.Address);
        await to.CallAsync("connect", flume.Address);
        string id = (string)(await from.CallAsync("addBlob", 200_001))!;
        await to.CallAsync("wantBlob", id);
        Assert.True((bool)(await to.CallAsync("hasBlob", id))!);
        Assert.Equal(200_001, flume.Blobs.Find(id)!.Size);
    }

    [PeerTheory("js16")]
    [InlineData("js16")]
    public async Task A_js_peer_between_two_Flumes_passes_a_want_on(string stack)
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await using JsPeer between = await JsPeer.StartAsync(stack);
        await a.ConnectAsync(between.Address);
        await between.CallAsync("connect", b.Address);
        await a.WantAsync(await b.AddBlobAsync(70_000));
    }

    [PeerTheory("js16")]
    [InlineData("js16")]
    public async Task A_pushed_blob_goes_both_ways(string stack)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer js = await JsPeer.StartAsync(stack);
        await flume.ConnectAsync(js.Address);
        string ours = await flume.AddBlobAsync(11);
        await flume.CallAsync("blobs.push", Query.Json.JsValue.From(ours));
        await js.CallAsync("wantBlob", ours);
        string theirs = (string)(await js.CallAsync("addBlob", 5000))!;
        await js.CallAsync("pushBlob", theirs);
        await flume.WantAsync(theirs);
    }

    private static Task ConnectAsync(FlumePeer flume, JsPeer js, bool weDial) =>
        weDial ? flume.ConnectAsync(js.Address) : js.CallAsync("connect", flume.Address);
}
