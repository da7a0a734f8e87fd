namespace Flume.Replication.Tests;

/// <summary>Flume and the real peers.</summary>
[Trait("Category", "Peers")]
public sealed class JsPeerTests
{
    [PeerTheory("js16", "mv")]
    [InlineData("js16", "", true)]
    [InlineData("js16", "", false)]
    [InlineData("js16", "noebt", true)]
    [InlineData("js16", "noebt", false)]
    [InlineData("mv", "", true)]
    [InlineData("mv", "", false)]
    public async Task Both_feeds_are_complete_on_both_sides_and_go_on_live(string stack, string option, bool weDial)
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await using JsPeer js = await JsPeer.StartAsync(stack, option);
        await flume.FollowAsync(js.Id);
        await js.CallAsync("follow", flume.Id);
        await js.CallAsync("publishMany", 50);
        for (int i = 0; i < 50; i++) await flume.PostAsync($"flume {i}");

        if (weDial) await flume.ConnectAsync(js.Address);
        else await js.CallAsync("connect", flume.Address);

        await flume.UntilAsync(js.Id, 51);
        Assert.Equal(51, await js.UntilAsync(flume.Id, 51));
        await js.CallAsync("publishMany", 3);
        await flume.UntilAsync(js.Id, 54);
        await flume.PostAsync("live");
        Assert.Equal(52, await js.UntilAsync(flume.Id, 52));
    }
}
