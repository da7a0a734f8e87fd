using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Xunit;

namespace Flume.Ssb.Tests.Api;

/// <summary>A live stream includes all appends after its call, even if its work starts later.</summary>
public sealed class LiveStartTests
{
    private const string Author = "@FCX/tsDLpubCPKKfIrw4gc+SQkHcaD17s7GI6i/ziWY=.ed25519";
    private static readonly string Root = new('A', 43);

    [Theory]
    [InlineData("createLogStream", """[{"live":true,"old":false}]""")]
    [InlineData("createRawLogStream", """[{"live":true,"old":false,"seqs":false}]""")]
    [InlineData("createFeedStream", """[{"live":true,"old":false}]""")]
    [InlineData("messagesByType", """[{"type":"post","live":true,"old":false}]""")]
    [InlineData("links", """[{"rel":"root","values":true,"live":true,"old":false}]""")]
    [InlineData("query.read", """[{"live":true,"old":false,"query":[{"$filter":{"value":{"content":{"type":"post"}}}}]}]""")]
    public async Task A_stream_without_old_messages_has_those_that_came_after_it(string method, string arguments)
    {
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await rig.Alice.AppendAsync([Post(1)], Durability.Os);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        BuiltInApi.Table.TryGet(method, out ApiMethod asked);
        ApiCall call = new(rig.Alice, JsValue.Parse(arguments).AsArray, patience.Token) { HeadAtStart = rig.Alice.Log.Head };

        await rig.Alice.AppendAsync([Post(2)], Durability.Os);
        foreach (IView view in rig.Views) (await rig.Alice.ReadAsync(view.Name, ReadFreshness.Fresh)).Dispose();

        await using IAsyncEnumerator<JsValue> items = asked.Open!(call).GetAsyncEnumerator(patience.Token);
        Assert.True(await items.MoveNextAsync());
        Assert.Equal(2, items.Current["value"]["sequence"].AsNumber);
    }

    private static byte[] Post(int sequence) => Encoding.UTF8.GetBytes(
        $$$"""
        {"key":"%{{{new string((char)('A' + sequence), 43)}}}=.sha256","value":{"previous":null,"sequence":{{{sequence}}},"author":"{{{Author}}}","timestamp":{{{1500000000000 + sequence}}},"hash":"sha256","content":{"type":"post","root":"%{{{Root}}}=.sha256"},"signature":"x"},"timestamp":{{{1500000000500 + sequence}}}}
        """);
}
