using Flume.Query.Json;

namespace Flume.Replication.Tests;

/// <summary>Invites between Flume and the real peers.</summary>
[Trait("Category", "Peers")]
public sealed class JsInviteTests
{
    [PeerTheory("js16")]
    [InlineData("js16")]
    public async Task Js_accepts_an_invite_of_Flume_and_both_replicate(string stack)
    {
        await using FlumePeer pub = await FlumePeer.StartAsync("flume.replication.allow-private = on");
        await using JsPeer js = await JsPeer.StartAsync(stack);
        string code = (await pub.CallAsync("invite.create", JsValue.Parse("""{"uses":1,"note":"hi"}"""))).AsString;
        await js.CallAsync("acceptInvite", code);
        Assert.Equal(1, await pub.SequenceAsync(pub.Id));
        await js.CallAsync("connect", pub.Address);
        await pub.UntilAsync(js.Id, 2);
        Assert.Equal(1, await js.UntilAsync(pub.Id, 1));
        InvalidOperationException again = await Assert.ThrowsAsync<InvalidOperationException>(
            () => js.CallAsync("acceptInvite", code));
        Assert.Contains("invite not accepted", again.Message);
    }

    [PeerTheory("js16")]
    [InlineData("js16")]
    public async Task Flume_accepts_an_invite_of_js_and_both_replicate(string stack)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer pub = await JsPeer.StartAsync(stack);
        string code = (string)(await pub.CallAsync("createInvite", 1))!;
        JsValue published = await flume.CallAsync("invite.accept", JsValue.From(code));
        Assert.Equal(2, published.AsArray.Count);
        await flume.UntilAsync(pub.Id, 1);
        Assert.Equal(2, await pub.UntilAsync(flume.Id, 2));
    }
}
