namespace Flume.Replication.Tests;

/// <summary>Two Flumes over real sockets.</summary>
public sealed class FlumePairTests
{
    [Fact]
    public async Task Two_that_follow_each_other_exchange_their_feeds_and_go_on_live()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await a.FollowAsync(b.Id);
        await b.FollowAsync(a.Id);
        for (int i = 0; i < 20; i++)
        {
            await a.PostAsync($"a {i}");
            await b.PostAsync($"b {i}");
        }

        await a.ConnectAsync(b.Address);
        await a.UntilAsync(b.Id, 21);
        await b.UntilAsync(a.Id, 21);
        await a.PostAsync("live");
        await b.UntilAsync(a.Id, 22);
        await b.PostAsync("live");
        await a.UntilAsync(b.Id, 22);
    }

    [Fact]
    public async Task A_peer_that_is_blocked_is_not_let_in()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await a.BlockAsync(b.Id);
        long head = await a.SequenceAsync(a.Id);
        Assert.Equal(1, head);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!a.Hosted.Replication.Blocks(b.Id)) await Task.Delay(10, patience.Token);
        await Assert.ThrowsAsync<Ssb.Api.ApiException>(() => b.ConnectAsync(a.Address));
    }
}
