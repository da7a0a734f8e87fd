using Akka.Actor;
using Akka.TestKit;
using Flume.Actors.Tests.Journal;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors.Tests.Views;

public sealed class ViewStateJournalActorTests : ActorTest
{
    private readonly TestProbe _views;

    public ViewStateJournalActorTests() => _views = CreateTestProbe();

    [Fact]
    public void A_state_that_was_answered_is_there_after_a_restart_and_the_views_hear_of_each_recovery()
    {
        IActorRef journal = Start();
        ViewOperatorState paused = Paused("night");
        Persist(journal, "alpha", Paused("an earlier reason"));
        Persist(journal, "alpha", paused);
        Persist(journal, "beta", ViewOperatorState.None);
        Stop(journal);
        Dictionary<string, ViewOperatorState> expected = new() { ["alpha"] = paused, ["beta"] = ViewOperatorState.None };
        Assert.Equal(expected, States(Start()));
    }

    [Fact]
    public void A_state_that_is_stored_already_is_answered_without_another_event()
    {
        IActorRef journal = Start();
        Persist(journal, "alpha", Paused("night"));
        string file = Path.Combine(Settings.Directory, "journal.offset");
        long bytes = new FileInfo(file).Length;
        Persist(journal, "alpha", Paused("night"));
        Assert.Equal(bytes, new FileInfo(file).Length);
        Persist(journal, "alpha", Paused("day"));
        Assert.True(new FileInfo(file).Length > bytes);
    }

    [Fact]
    public void A_state_without_an_answer_is_stored_in_silence()
    {
        IActorRef journal = Start();
        journal.Tell(new PersistOperatorState("alpha", Paused("night"), null));
        Assert.Equal("night", States(journal)["alpha"].Pause!.Reason);
    }

    [Fact]
    public void A_long_history_is_compacted_and_the_last_state_of_each_view_stays()
    {
        IActorRef journal = Start();
        Persist(journal, "beta", Paused("for ever"));
        for (int i = 0; i <= 300; i++) Persist(journal, "alpha", Paused($"reason {i}"));
        Stop(journal);
        Dictionary<string, ViewOperatorState> states = States(Start());
        Assert.Equal(("for ever", "reason 300"), (states["beta"].Pause!.Reason, states["alpha"].Pause!.Reason));
    }

    private IActorRef Start()
    {
        IActorRef views = _views;
        IActorRef journal = Sys.ActorOf(Props.Create(() => new ViewStateJournalActor("alice", views)));
        _views.ExpectMsg<JournalRecovered>(Patience);
        return journal;
    }

    private void Persist(IActorRef journal, string view, ViewOperatorState state)
    {
        var answer = new ViewOutcome(view, IsAccepted: true, "done");
        journal.Tell(new PersistOperatorState(view, state, answer));
        Assert.Same(answer, ExpectMsg<ViewOutcome>(Patience));
    }

    private Dictionary<string, ViewOperatorState> States(IActorRef journal)
    {
        journal.Tell(new GetOperatorStates());
        return new(ExpectMsg<OperatorStates>(Patience).ByView);
    }

    private static ViewOperatorState Paused(string reason) =>
        ViewOperatorState.None with { Pause = new PauseInfo(reason, null) };
}

/// <summary>The same actor above a journal that fails.</summary>
public sealed class ViewStateJournalActorOnAFullDiskTests() : ActorTest(FailingJournal.Hocon)
{
    [Fact]
    public void A_command_that_the_journal_did_not_store_is_answered_as_done_and_not_stored()
    {
        TestProbe views = CreateTestProbe();
        IActorRef parent = views.Ref;
        IActorRef journal = Sys.ActorOf(Props.Create(() => new ViewStateJournalActor("full-disk", parent)));
        views.ExpectMsg<JournalRecovered>(Patience);
        FailingJournal.FailFor("flume-views-full-disk");
        Watch(journal);
        journal.Tell(new PersistOperatorState(
            "alpha", ViewOperatorState.None with { Version = 1 }, new ViewOutcome("alpha", IsAccepted: true, "is paused")));
        ViewOutcome answer = ExpectMsg<ViewOutcome>(Patience);
        Assert.Equal((true, false), (answer.IsAccepted, answer.IsStored));
        ExpectTerminated(journal, Patience);
    }
}
