using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class ReadTests
{
    [Fact]
    public async Task A_slow_view_slows_neither_the_log_nor_other_views_nor_its_own_old_answers()
    {
        using var gate = new ManualResetEventSlim();
        var slow = new TestView("slow");
        await using EngineRig rig = await new EngineRig("", new TestView("alpha"), slow).StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("slow");
        slow.Before = _ => EngineRig.Wait(gate);
        for (int i = 0; i < 100; i++) await rig.AppendAsync(10);
        Assert.Equal(1001, await rig.CaughtUpAsync("alpha"));
        using (ViewRead old = await rig.Alice.ReadAsync("slow", ReadFreshness.NoWait))
            Assert.Equal(1, old.Rows.Count(1, PostingRange.All));
        gate.Set();
        Assert.Equal(1001, await rig.CaughtUpAsync("slow"));
    }

    [Fact]
    public async Task A_read_that_waits_too_long_is_told_where_the_view_stands()
    {
        using var gate = new ManualResetEventSlim();
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("flume.reads.wait-ms-max = 2000", alpha, new TestView("beta")).StartAsync();
        Offset seen = await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        alpha.Before = _ => EngineRig.Wait(gate);
        await rig.AppendAsync(1);
        ReadRejectedException late =
            await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh));
        Assert.Equal(ReadRejection.DeadlinePassed, late.Rejection);
        Assert.Contains($"at {seen}", late.Message);
        gate.Set();
        using ViewRead own = await rig.Alice.ReadAsync("alpha", ReadFreshness.AtLeast(seen));
        Assert.True(own.Since >= seen);
    }

    [Fact]
    public async Task A_read_waits_for_the_offset_it_names_and_not_for_the_head()
    {
        using var gate = new ManualResetEventSlim();
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        Offset seen = await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        alpha.Before = message => { if (message.Offset > seen) EngineRig.Wait(gate); };
        Offset later = await rig.AppendAsync(1);
        using (await rig.Alice.ReadAsync("alpha", ReadFreshness.AtLeast(seen))) { }
        ValueTask<ViewRead> waiting = rig.Alice.ReadAsync("alpha", ReadFreshness.AtLeast(later));
        Assert.False(waiting.IsCompleted);
        gate.Set();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task An_offset_beyond_the_head_is_refused_instead_of_waited_for()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(1);
        ReadRejectedException beyond = await Assert.ThrowsAsync<ReadRejectedException>(
            async () => await rig.Alice.ReadAsync("alpha", ReadFreshness.AtLeast(new Offset(5000))));
        Assert.Equal(ReadRejection.BeyondHead, beyond.Rejection);
        Assert.Contains("5000", beyond.Message);
    }

    [Fact]
    public async Task More_waiting_reads_than_allowed_are_refused_and_a_cancelled_one_just_ends()
    {
        using var gate = new ManualResetEventSlim();
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("flume.reads.waiting-max = 3", alpha).StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        await rig.Alice.PauseAsync(ViewSelection.All, "so that nothing moves");
        await rig.AppendAsync(1);
        alpha.Before = _ => EngineRig.Wait(gate);
        await rig.Alice.ResumeAsync(ViewSelection.All);
        using var stop = new CancellationTokenSource();
        Task<ViewRead> cancelled = rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Task<ViewRead>[] reads = [.. Enumerable.Range(0, 4).Select(_ => rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh).AsTask())];
        gate.Set();
        int refused = 0;
        foreach (Task<ViewRead> read in reads)
        {
            try
            {
                using ViewRead rows = await read;
                Assert.Equal(2, rows.Rows.Count(1, PostingRange.All));
            }
            catch (ReadRejectedException busy) when (busy.Rejection == ReadRejection.Busy)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 0, 2);
    }

    [Fact]
    public async Task A_snapshot_does_not_move_while_the_view_does()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(3);
        await rig.CaughtUpAsync("alpha");
        using ViewRead read = await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh);
        Offset since = read.Since;
        await rig.AppendAsync(3);
        await rig.CaughtUpAsync("alpha");
        Assert.Equal((since, 3L), (read.Since, read.Rows.Count(1, PostingRange.All)));
    }
}
