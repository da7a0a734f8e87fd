using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;
using static Flume.Actors.ViewEffects;

namespace Flume.Actors.Tests.Views;

public sealed class ViewStateMachineTests
{
    private static readonly PauseInfo Night = new("night", null);

    [Fact]
    public void A_view_with_usable_rows_catches_up_and_becomes_live()
    {
        ViewStateMachine view = Following();
        Assert.Equal(ViewState.CatchingUp, view.State);
        Assert.Equal(Step, view.Stepped(isAtHead: false, mayPromote: false));
        Assert.Equal(AwaitHead, view.Stepped(isAtHead: true, mayPromote: false));
        Assert.Equal(ViewState.Live, view.State);
        Assert.Equal(Step, view.HeadAdvanced(view.Token));
        Assert.Equal(ViewState.CatchingUp, view.State);
    }

    [Fact]
    public void Old_news_moves_nothing()
    {
        ViewStateMachine view = Live();
        long old = view.Token;
        view.HeadAdvanced(old);
        Assert.Equal(None, view.HeadAdvanced(old));
        Assert.False(view.Admits(old));
    }

    [Fact]
    public void Rows_of_another_version_stand_still_while_fresh_ones_are_built_and_then_serve_at_once()
    {
        var view = new ViewStateMachine("feeds");
        Assert.Equal(RequestRebuild, view.Opened(usable: false, "its version changed from 1 to 2", null, null));
        Assert.Equal((ViewState.Rebuilding, false), (view.State, view.MayStep));
        Assert.Equal(OpenNext | Step, view.Built());
        Assert.Equal(Promote | Settled | AwaitHead, view.Stepped(isAtHead: true, mayPromote: true));
        Assert.Equal(ViewState.Live, view.State);
    }

    [Fact]
    public void A_rebuild_lets_usable_rows_follow_and_serves_fresh_rows_only_when_no_reader_would_go_back()
    {
        ViewStateMachine view = Live();
        ViewDecision asked = view.Rebuild("requested");
        Assert.Equal(RequestRebuild | PersistOperatorState, asked.Effects);
        Assert.Equal(Step, view.HeadAdvanced(view.Token));
        Assert.Equal(AwaitHead, view.Stepped(isAtHead: true, mayPromote: false));
        Assert.Equal(ViewState.Rebuilding, view.State);
        Assert.Equal(OpenNext | Step, view.Built());
        Assert.Equal(Step, view.Stepped(isAtHead: false, mayPromote: false));
        Assert.Equal(Promote | Settled | AwaitHead, view.Stepped(isAtHead: true, mayPromote: true));
        Assert.Null(view.RebuildReason);
    }

    [Fact]
    public void Cancelling_keeps_usable_rows_and_pauses_a_view_that_has_none()
    {
        ViewStateMachine view = Live();
        view.Rebuild("requested");
        Assert.Equal(CancelRebuild | PersistOperatorState, view.Cancel().Effects);
        Assert.Equal(ViewState.Live, view.State);
        Assert.Equal(None, view.Built());

        var empty = new ViewStateMachine("feeds");
        empty.Opened(usable: false, "no store", null, null);
        Assert.Equal(CancelRebuild | RefuseReaders | PersistOperatorState, empty.Cancel().Effects);
        Assert.Equal(ViewState.Paused, empty.State);
        Assert.Equal(RequestRebuild | PersistOperatorState | ResetFailures, empty.Resume().Effects);
    }

    [Fact]
    public void Cancelling_while_closing_in_drops_the_fresh_store_and_steps_the_old_one()
    {
        ViewStateMachine view = Live();
        view.Rebuild("requested");
        view.Built();
        Assert.Equal(DropNext | Step | PersistOperatorState, view.Cancel().Effects);
        Assert.Equal(ViewState.CatchingUp, view.State);
    }

    [Fact]
    public void A_failed_rebuild_changes_nothing_for_usable_rows_and_is_an_error_without()
    {
        ViewStateMachine view = Live();
        view.Rebuild("requested");
        Assert.Equal(Settled, view.BuildFailed());
        Assert.Equal(ViewState.Live, view.State);

        var empty = new ViewStateMachine("feeds");
        empty.Opened(usable: false, "no store", null, null);
        Assert.Equal(ViewEffects.Crash, empty.BuildFailed());
    }

    [Fact]
    public void A_pause_voids_the_token_and_resuming_issues_a_new_one()
    {
        ViewStateMachine view = Live();
        long atLog = view.Token;
        Assert.Equal(RefuseReaders | PersistOperatorState, view.PauseNow(Night).Effects);
        Assert.Equal(None, view.HeadAdvanced(atLog));
        Assert.Equal(Step | PersistOperatorState | ResetFailures, view.Resume().Effects);
        Assert.Equal(ViewState.CatchingUp, view.State);
    }

    [Fact]
    public void A_pause_outlives_a_restart_and_so_does_the_rebuild_behind_it()
    {
        var view = new ViewStateMachine("feeds");
        Assert.Equal(RefuseReaders, view.Opened(usable: false, "no store", Night, null));
        Assert.Equal(ViewState.Paused, view.State);
        Assert.True(view.Resume().Effects.HasFlag(RequestRebuild));
    }

    [Fact]
    public void A_faulted_view_stands_until_resumed_or_rebuilt()
    {
        var view = new ViewStateMachine("feeds");
        view.Opened(usable: true, null, null, "it threw at 5");
        Assert.Equal((ViewState.Faulted, true, false), (view.State, view.IsNotAdvancing, view.MayStep));
        Assert.False(view.PauseNow(Night).IsAccepted);
        Assert.True(view.Rebuild("requested").IsAccepted);
        view.Built();
        view.Stepped(isAtHead: true, mayPromote: true);
        Assert.Equal(ViewState.Live, view.State);
    }

    [Fact]
    public void A_changed_log_starts_a_rebuild_over_and_is_owed_by_a_paused_view()
    {
        ViewStateMachine view = Live();
        view.Rebuild("requested");
        Assert.Equal(RequestRebuild | PersistOperatorState, view.PurgeDeleted("5 was deleted").Effects);
        view.Built();
        Assert.Equal(DropNext | RequestRebuild | Step | PersistOperatorState, view.PurgeDeleted("6 was deleted").Effects);

        Assert.Equal(DropNext | RequestRebuild | Step | PersistOperatorState, Closing(view).PurgeDeleted("7 was deleted").Effects);
        Assert.Contains("purges rows of deleted records", view.Cancel().Text);
        Assert.Equal((true, "requested"), (view.MustPurgeDeleted, view.PendingRebuild));
        view.Rebuild("again");
        Assert.Equal(None, view.BuildFailed());
        view.Rebuild("again");
        view.Built();
        view.Stepped(isAtHead: true, mayPromote: true);
        Assert.Equal((false, null), (view.MustPurgeDeleted, view.PendingRebuild));

        ViewStateMachine paused = Live();
        paused.PauseNow(Night);
        Assert.Equal(PersistOperatorState, paused.PurgeDeleted("5 was deleted").Effects);
        Assert.Equal((ViewState.Paused, "5 was deleted"), (paused.State, paused.PendingRebuild));
        Assert.True(paused.Resume().Effects.HasFlag(RequestRebuild));
    }

    [Fact]
    public void An_overtaken_view_stands_still_until_fresh_rows_serve()
    {
        ViewStateMachine view = Following();
        Assert.Equal(RequestRebuild, view.TooFarBehind("much is left"));
        Assert.Equal((ViewState.Rebuilding, "much is left", false), (view.State, view.RebuildReason, view.MayStep));
        Assert.Equal(None, view.TooFarBehind("still much"));
        Assert.Equal(OpenNext | Step, view.Built());
        Assert.False(view.MayFollow);
        Assert.Equal(Promote | Settled | Step, view.Stepped(isAtHead: false, mayPromote: true));
        Assert.Equal((ViewState.CatchingUp, true, null), (view.State, view.MayFollow, view.PendingRebuild));
    }

    [Fact]
    public void An_overtaken_view_goes_on_by_itself_when_there_will_be_no_fresh_rows()
    {
        ViewStateMachine cancelled = Following();
        cancelled.TooFarBehind("much is left");
        Assert.Equal(CancelRebuild | Step | PersistOperatorState, cancelled.Cancel().Effects);
        Assert.Equal(ViewState.CatchingUp, cancelled.State);

        ViewStateMachine failed = Following();
        failed.TooFarBehind("much is left");
        Assert.Equal(Settled | Step, failed.BuildFailed());

        ViewStateMachine damaged = Following();
        damaged.TooFarBehind("much is left");
        Assert.Equal(CancelRebuild | RefuseReaders, damaged.Damaged("damaged at 7"));
        Assert.Equal(Step | PersistOperatorState | ResetFailures, damaged.Resume().Effects & ~RequestRebuild);
    }

    [Fact]
    public void Damage_faults_from_any_state_and_stops_a_rebuild()
    {
        ViewStateMachine view = Live();
        view.Rebuild("requested");
        Assert.Equal(CancelRebuild | RefuseReaders, view.Damaged("damaged at 7"));
        Assert.Equal(ViewState.Faulted, view.State);
    }

    [Theory]
    [InlineData("Cancel", "View 'feeds' is not being rebuilt: there is nothing to cancel.")]
    [InlineData("Resume", "View 'feeds' is neither paused nor faulted: there is nothing to resume.")]
    public void A_refusal_names_the_view_and_why(string command, string text)
    {
        ViewStateMachine view = Live();
        Assert.Equal(text, (command == "Cancel" ? view.Cancel() : view.Resume()).Text);
    }

    [Fact]
    public void Any_sequence_of_inputs_keeps_the_invariants_and_ends_live_once_left_alone() =>
        TestSeed.Run(500, random =>
        {
            var world = new ViewWorld(random);
            for (int i = 0; i < 80; i++) world.RandomInput();
            world.LeaveAlone();
            Assert.Equal(ViewState.Live, world.View.State);
        });

    private static ViewStateMachine Following()
    {
        var view = new ViewStateMachine("feeds");
        Assert.Equal(Step, view.Opened(usable: true, null, null, null));
        return view;
    }

    private static ViewStateMachine Closing(ViewStateMachine view)
    {
        view.Built();
        return view;
    }

    private static ViewStateMachine Live()
    {
        ViewStateMachine view = Following();
        view.Stepped(isAtHead: true, mayPromote: false);
        return view;
    }
}
