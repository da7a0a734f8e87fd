using Flume.Query.Json;

namespace Flume.Replication.Tests;

/// <summary>The peers of one identity: one connection for each address, until it is disconnected.</summary>
public sealed class PeersActorTests
{
    [Fact]
    public async Task An_address_that_is_connected_three_times_has_one_connection()
    {
        await using FlumePeer own = await FlumePeer.StartAsync(), other = await FlumePeer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => own.ConnectAsync(other.Address)));
        await own.ConnectAsync(other.Address);
        Assert.Single(own.Hosted.Binding.Sessions.All);
    }

    [Fact]
    public async Task An_address_is_disconnected_once_and_can_be_connected_again()
    {
        await using FlumePeer own = await FlumePeer.StartAsync(), other = await FlumePeer.StartAsync();
        JsValue address = JsValue.From(other.Address);
        Assert.False((await own.CallAsync("conn.disconnect", address)).IsTruthy);
        await own.ConnectAsync(other.Address);
        Assert.True((await own.CallAsync("conn.disconnect", address)).IsTruthy);
        await own.ConnectAsync(other.Address);
        await own.PostAsync("it is connected");
        await other.FollowAsync(own.Id);
        await other.UntilAsync(own.Id, 1);
    }
}
