using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class AppendTests
{
    private readonly FaultyDisk _disk = new();

    [Fact]
    public async Task A_full_disk_fails_the_append_then_refuses_with_that_cause_while_views_answer_until_reopened()
    {
        await using EngineRig rig = await StartAsync();
        await rig.AppendAsync(10);
        _disk.Room = ("log.offset", 50);
        AppendFailedException failed = await Assert.ThrowsAsync<AppendFailedException>(() => rig.AppendAsync(5));
        Assert.Contains("No space left on device", failed.Message);

        AppendRejectedException refused = await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(1));
        Assert.Equal(AppendRejection.ReadOnly, refused.Rejection);
        Assert.Contains("No space left on device", refused.Message);
        Assert.Contains("No space left on device", (await rig.Alice.LogStatusAsync()).ReadOnly);
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));

        _disk.Room = null;
        await rig.Alice.ReopenLogAsync();
        await rig.AppendAsync(3);
        Assert.Equal(13, await rig.CaughtUpAsync("alpha"));
        Assert.Null((await rig.Alice.LogStatusAsync()).ReadOnly);
    }

    [Fact]
    public async Task A_failing_fsync_acknowledges_nothing_and_reopening_while_it_fails_is_a_failure_too()
    {
        await using EngineRig rig = await StartAsync();
        Offset head = await rig.AppendAsync(2, Durability.Fsync);
        _disk.SyncFails = true;
        await Assert.ThrowsAsync<AppendFailedException>(() => rig.AppendAsync(1, Durability.Fsync));
        await Assert.ThrowsAsync<AppendFailedException>(async () => await rig.Alice.ReopenLogAsync());
        _disk.SyncFails = false;
        await rig.Alice.ReopenLogAsync();
        Assert.Equal(head, rig.Alice.Log.Head);
    }

    [Fact]
    public async Task Callers_that_come_together_share_a_sync()
    {
        await using EngineRig rig = await StartAsync("flume.append.group-delay-ms = 300");
        int before = _disk.Steps.Count(step => step.IsSync);
        Task<Offset>[] appends = [.. Enumerable.Range(0, 20).Select(_ => rig.AppendAsync(1, Durability.Fsync))];
        Offset[] offsets = await Task.WhenAll(appends);
        Assert.Equal(20, offsets.Distinct().Count());
        Assert.Equal(1, _disk.Steps.Count(step => step.IsSync) - before);
    }

    [Fact]
    public async Task Concurrent_appends_are_all_there_once_each_next_to_its_own()
    {
        await using EngineRig rig = await StartAsync();
        Task<Appended>[] appends = [.. Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            await rig.Alice.AppendAsync([EngineRig.Message(2 * i), EngineRig.Message(2 * i + 1)], Durability.Os)))];
        Appended[] answers = await Task.WhenAll(appends);
        for (int i = 0; i < answers.Length; i++)
        {
            for (int j = 0; j < 2; j++)
                Assert.Equal(EngineRig.Message(2 * i + j).ToArray(), rig.Alice.Log.Get(answers[i].Offsets[j]).Payload.ToArray());
            Assert.Equal(answers[i].Offsets[1], rig.Alice.Log.Next(answers[i].Offsets[0]));
        }

        Assert.Equal(400, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_full_buffer_refuses_at_once_and_takes_again_when_the_disk_has_caught_up()
    {
        await using EngineRig rig = await StartAsync("flume.append { waiting-max = 5, group-delay-ms = 200 }");
        Task<Offset> waiting = rig.AppendAsync(5);
        AppendRejectedException busy = await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(1));
        Assert.Equal(AppendRejection.Busy, busy.Rejection);
        Assert.Contains("5 of 5 payloads", busy.Message);
        await waiting;
        await rig.AppendAsync(5);
        AppendRejectedException never = await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(6));
        Assert.Equal(AppendRejection.TooLarge, never.Rejection);
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task An_empty_append_returns_the_head()
    {
        await using EngineRig rig = await StartAsync();
        Offset head = await rig.AppendAsync(3);
        Appended nothing = await rig.Alice.AppendAsync([], Durability.Fsync);
        Assert.Empty(nothing.Offsets);
        Assert.Equal((head, head), (nothing.Head, nothing.Last));
    }

    [Fact]
    public async Task A_caller_that_gives_up_waiting_has_not_taken_the_append_back()
    {
        await using EngineRig rig = await StartAsync("flume.append.group-delay-ms = 200");
        using var impatience = new CancellationTokenSource();
        ValueTask<Appended> append = rig.Alice.AppendAsync([EngineRig.Message(1)], Durability.Os, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await append);
        await rig.Alice.WaitForHeadAsync(Offset.None);
        Assert.Equal(1, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Waiting_for_the_head_ends_with_the_next_append()
    {
        await using EngineRig rig = await StartAsync();
        Offset first = await rig.AppendAsync(1);
        Task<Offset>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => rig.Alice.WaitForHeadAsync(first).AsTask())];
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        Offset second = await rig.AppendAsync(1);
        Assert.All(await Task.WhenAll(waiting), head => Assert.Equal(second, head));
        Assert.Equal(second, await rig.Alice.WaitForHeadAsync(first));
    }

    [Fact]
    public async Task More_live_readers_than_allowed_are_refused()
    {
        await using EngineRig rig = await StartAsync("flume.reads.live-max = 2");
        using var stop = new CancellationTokenSource();
        Task[] two = [rig.Alice.WaitForHeadAsync(Offset.None, stop.Token).AsTask(), rig.Alice.WaitForHeadAsync(Offset.None, stop.Token).AsTask()];
        ReadRejectedException busy =
            await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.WaitForHeadAsync(Offset.None));
        Assert.Equal(ReadRejection.Busy, busy.Rejection);
        await stop.CancelAsync();
        foreach (Task one in two) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        ValueTask<Offset> again = rig.Alice.WaitForHeadAsync(Offset.None);
        await rig.AppendAsync(1);
        await again;
    }

    private Task<EngineRig> StartAsync(string hocon = "") =>
        new EngineRig(hocon) { LogOptions = new LogOptions { Disk = _disk } }.StartAsync();
}
