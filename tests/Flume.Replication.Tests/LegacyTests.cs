using Flume.Query.Json;

namespace Flume.Replication.Tests;

/// <summary>Peers without EBT.</summary>
public sealed class LegacyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // ssb-replicate requests its feeds at the first createHistoryStream that it hears; it may miss the first ones.
    [Fact]
    public async Task A_peer_that_missed_the_first_calls_gets_one_more_that_asks_for_no_message()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync("flume.replication.fall-back-ms = 1");
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource reminder = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OddPeer peer = await OddPeer.ConnectAsync(flume, new()
        {
            ["createHistoryStream"] = new()
            {
                Source = _ =>
                {
                    if (!first.TrySetResult()) reminder.TrySetResult();
                    return Array.Empty<JsValue>().ToAsyncEnumerable();
                },
            },
        });
        await first.Task.WaitAsync(Patience);
        await reminder.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Two_Flumes_without_EBT_replicate_by_createHistoryStream_and_go_on_live()
    {
        const string Off = "flume.replication { ebt = off, fall-back-ms = 100 }";
        await using FlumePeer a = await FlumePeer.StartAsync(Off), b = await FlumePeer.StartAsync(Off);
        await a.FollowAsync(b.Id);
        await b.PostAsync("1");
        await a.ConnectAsync(b.Address);
        await a.UntilAsync(b.Id, 1);
        await b.PostAsync("2");
        await a.UntilAsync(b.Id, 2);
        Assert.Equal("legacy", a.Hosted.Binding.Sessions.All.Single().Key.Mode);
    }
}
