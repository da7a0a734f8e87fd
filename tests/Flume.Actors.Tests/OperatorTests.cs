using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class OperatorTests
{
    private static readonly ViewSelection Alpha = ViewSelection.One("alpha");

    [Fact]
    public async Task A_paused_view_answers_its_rows_refuses_to_wait_and_goes_on_when_resumed()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        Assert.True((await rig.Alice.PauseAsync(Alpha, "night")).IsAccepted);
        await rig.AppendAsync(5);
        Assert.Equal(10, await rig.CaughtUpAsync("beta"));
        using (ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait))
            Assert.Equal((ViewState.Paused, 5L), (old.State, old.Rows.Count(1, PostingRange.All)));
        ReadRejectedException standing =
            await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh));
        Assert.Equal(ReadRejection.Standing, standing.Rejection);
        Assert.Contains("night", standing.Message);
        ViewStatus status = await rig.StatusAsync("alpha", _ => true);
        Assert.Equal((5L, "night"), (status.Lag.Records, status.Paused!.Reason));

        EngineRig.Accepted(await rig.Alice.ResumeAsync(Alpha));
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));
        Assert.Equal(default, (await rig.StatusAsync("alpha", status => status.State == ViewState.Live)).Lag);
    }

    [Fact]
    public async Task Pauses_and_owed_rebuilds_survive_a_restart()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha, new TestView("beta")).StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        await rig.CaughtUpAsync("beta"); // its first build is over: a view that is being rebuilt refuses to pause
        DateTimeOffset until = DateTimeOffset.UtcNow.AddDays(40);
        EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.One("beta"), "holiday", until));
        using var gate = new ManualResetEventSlim();
        alpha.Before = _ => gate.Wait(TimeSpan.FromSeconds(1));
        EngineRig.Accepted(await rig.Alice.RebuildAsync(Alpha));
        await rig.RestartAsync();

        ViewStatus beta = await rig.StatusAsync("beta", status => status.State == ViewState.Paused);
        Assert.Equal(new PauseInfo("holiday", until), beta.Paused);
        Assert.Equal("requested", (await rig.StatusAsync("alpha", status => status.Rebuilding is not null)).Rebuilding!.Reason);
        gate.Set();
        await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        await rig.RestartAsync();
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
    }

    [Fact]
    public async Task A_pause_with_an_end_ends_by_itself()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        EngineRig.Accepted(await rig.Alice.PauseAsync(Alpha, "a moment", DateTimeOffset.UtcNow.AddMilliseconds(150)));
        await rig.AppendAsync(1);
        await rig.StatusAsync("alpha", status => status.State == ViewState.Live && status.Since == rig.Alice.Log.Head);
        Assert.Equal(2, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Every_command_is_answered_for_every_view_and_an_unknown_view_lists_those_there_are()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        await rig.CaughtUpAsync("beta");
        CommandOutcome cancel = await rig.Alice.CancelAsync(ViewSelection.All);
        Assert.False(cancel.IsAccepted);
        Assert.Equal(["alpha", "beta"], cancel.Views.Select(view => view.View));
        CommandOutcome unknown = await rig.Alice.RebuildAsync(ViewSelection.One("gamma"));
        Assert.Equal("No view is named 'gamma'. Views are alpha, beta.", unknown.Views[0].Text);
        ReadRejectedException read =
            await Assert.ThrowsAsync<ReadRejectedException>(async () => await rig.Alice.ReadAsync("gamma", ReadFreshness.NoWait));
        Assert.Equal(ReadRejection.NoSuchView, read.Rejection);
    }

    [Fact]
    public async Task A_budget_is_checked_obeyed_and_remembered()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        CommandOutcome wrong = await rig.Alice.BudgetAsync(Alpha, new IndexBudget(0));
        Assert.False(wrong.IsAccepted);
        Assert.Contains("above 0", wrong.Views[0].Text);
        Assert.True((await rig.Alice.BudgetAsync(ViewSelection.All, new IndexBudget(0.5))).IsAccepted);
        await rig.AppendAsync(500);
        Assert.Equal(500, await rig.CaughtUpAsync("alpha"));
        await rig.RestartAsync();
        Assert.Equal(500, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Cancelling_a_build_without_which_no_rows_can_go_on_pauses_the_view_until_it_is_resumed()
    {
        using var gate = new ManualResetEventSlim();
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        await rig.Engine.StopAsync();
        rig.Views = [new TestView("alpha", version: 2) { Before = _ => EngineRig.Wait(gate) }];
        await rig.StartAsync();
        await rig.StatusAsync("alpha", status => status.State == ViewState.Rebuilding);
        EngineRig.Accepted(await rig.Alice.CancelAsync(Alpha));
        gate.Set();
        ViewStatus paused = await rig.StatusAsync("alpha", status => status.State == ViewState.Paused);
        Assert.Contains("cancelled", paused.Paused!.Reason);
        EngineRig.Accepted(await rig.Alice.ResumeAsync(Alpha));
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
    }
}
