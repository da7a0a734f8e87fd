using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task A_view_that_throws_is_faulted_at_that_offset_after_its_tries_and_the_others_go_on()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha, new TestView("beta")).StartAsync();
        Offset good = await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        var bad = new Offset(rig.Alice.Log.EndPosition);
        alpha.Before = message => ThrowAt(message.Offset, bad);
        await rig.AppendAsync(6);

        ViewStatus faulted = await rig.StatusAsync("alpha", status => status.State == ViewState.Faulted);
        Assert.Equal((good, 3), (faulted.Since, faulted.Restarts));
        Assert.Contains($"threw at offset {bad}: no luck", faulted.LastError);
        Assert.Equal(11, await rig.CaughtUpAsync("beta"));
        using ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait);
        Assert.Equal((ViewState.Faulted, 5L), (old.State, old.Rows.Count(1, PostingRange.All)));
        ReadRejectedException refused =
            await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh));
        Assert.Equal(ReadRejection.Standing, refused.Rejection);
        Assert.Contains("faulted", refused.Message);

        alpha.Before = null;
        Assert.True((await rig.Alice.ResumeAsync(ViewSelection.One("alpha"))).IsAccepted);
        Assert.Equal(11, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_view_that_throws_now_and_then_comes_back_by_itself()
    {
        int calls = 0;
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        alpha.Before = _ => ThrowAt(new Offset(Interlocked.Increment(ref calls) % 40), new Offset(39));
        for (int i = 0; i < 20; i++) await rig.AppendAsync(10);
        ViewStatus status = await rig.StatusAsync("alpha", status => status.Since == rig.Alice.Log.Head);
        Assert.True(status.Restarts >= 4);
        Assert.Equal(201, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_view_that_can_not_be_built_at_all_is_faulted_after_its_tries()
    {
        var alpha = new TestView("alpha") { Before = _ => throw new InvalidOperationException("no luck") };
        await using EngineRig rig = await new EngineRig("", alpha, new TestView("beta")).StartAsync();
        foreach (string view in new[] { "alpha", "beta" }) await rig.StatusAsync(view, status => status.State == ViewState.Live);
        EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.All, "while records come in"));
        await rig.AppendAsync(5);
        EngineRig.Accepted(await rig.Alice.ResumeAsync(ViewSelection.All));
        ViewStatus faulted = await rig.StatusAsync("alpha", status => status.State == ViewState.Faulted);
        Assert.Equal(3, faulted.Restarts);
        Assert.Contains("no luck", faulted.LastError);
        Assert.Equal(5, await rig.CaughtUpAsync("beta"));
        alpha.Before = null;
        EngineRig.Accepted(await rig.Alice.ResumeAsync(ViewSelection.One("alpha")));
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_view_that_the_disk_stopped_goes_on_by_itself_when_the_disk_does()
    {
        FaultyDisk disk = new();
        await using EngineRig rig = await new EngineRig("", new TestView("alpha"))
        {
            LogOptions = new LogOptions { Disk = disk, Map = false },
        }.StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.All, "while records come in"));
        await rig.AppendAsync(6);
        disk.ReadFails = true;
        EngineRig.Accepted(await rig.Alice.ResumeAsync(ViewSelection.All));
        await FaultedAsync(rig, "alpha");

        disk.ReadFails = false;
        ViewStatus live = await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        Assert.Contains("Input/output error", live.LastError);
        Assert.Equal(11, await rig.CaughtUpAsync("alpha"));
    }

    /// <summary>Waits without a status, which reads the log.</summary>
    private static async Task FaultedAsync(EngineRig rig, string view)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using ViewRead read = await rig.Alice.ReadAsync(view, ReadFreshness.NoWait);
            if (read.State == ViewState.Faulted) return;
            Assert.False(patience.IsCancellationRequested, $"View '{view}' is {read.State}, not faulted.");
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_rebuild_that_fails_leaves_the_old_rows_and_its_error()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        alpha.Before = _ => throw new InvalidOperationException("no luck");
        EngineRig.Accepted(await rig.Alice.RebuildAsync(ViewSelection.All));
        ViewStatus status = await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, LastError: not null });
        Assert.Contains("The rebuild failed; the old rows still serve: View 'alpha' threw at offset 0", status.LastError);
        alpha.Before = null;
        await rig.AppendAsync(1);
        Assert.Equal(6, await rig.CaughtUpAsync("alpha"));
    }

    [Theory]
    [InlineData("/user/pub/alice/views/alpha/alpha", true)]
    [InlineData("/user/pub/alice/views/alpha/alpha", false)]
    [InlineData("/user/pub/alice/views", true)]
    [InlineData("/user/pub/alice/views/rebuild", true)]
    [InlineData("/user/pub/alice/views/rebuild", false)]
    [InlineData("/user/pub/alice/views/registry", true)]
    [InlineData("/user/pub/alice/log", true)]
    [InlineData("/user/pub/alice/log", false)]
    [InlineData("/user/pub/alice", true)]
    public async Task An_actor_that_is_killed_comes_back_and_nothing_acknowledged_is_lost(string path, bool kill)
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(20);
        await rig.CaughtUpAsync("alpha");
        IActorRef victim = await rig.Engine.System.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(5));
        victim.Tell(kill ? Kill.Instance : PoisonPill.Instance);
        await Eventually(async () => await rig.AppendAsync(1));
        await Eventually(async () => Assert.Equal(21, await rig.CaughtUpAsync("alpha")));
        await Eventually(async () => Assert.Equal(21, await rig.CaughtUpAsync("beta")));
    }

    [Fact]
    public async Task Reads_that_need_not_wait_are_answered_while_the_view_is_down()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("flume.views { restart-ms-min = 60000, restart-ms-max = 60000 }", alpha).StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        alpha.Before = _ => throw new InvalidOperationException("no luck");
        await rig.AppendAsync(1);
        await rig.StatusAsync("alpha", status => status.Restarts == 1);
        using (ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait)) Assert.Equal(5, old.Rows.Count(1, PostingRange.All));
        await Eventually(async () =>
        {
            ReadRejectedException down =
                await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh));
            Assert.Contains("restarts after a delay", down.Message);
            Assert.Contains("no luck", down.Message);
        });
    }

    private static async Task Eventually(Func<Task> check)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                await check();
                return;
            }
            catch (Exception) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static void ThrowAt(Offset offset, Offset bad)
    {
        if (offset == bad) throw new InvalidOperationException("no luck");
    }
}
