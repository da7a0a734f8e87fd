using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors.Tests.Identities;

public sealed class IdentityActorTests() : ActorTest("flume.identities.idle-out-ms = 100")
{
    [Fact]
    public void Messages_that_arrive_while_the_log_opens_are_answered_when_it_is_open()
    {
        (IActorRef identity, _) = Start();
        identity.Tell(Append());
        identity.Tell(new GetLogStatus());
        identity.Tell(new Activate());
        object[] answers = [.. Enumerable.Range(0, 3).Select(_ => ExpectMsg<object>(Patience))];
        Assert.Equal(Offset.Zero, Assert.Single(answers.OfType<Appended>()).Head);
        Assert.Single(answers.OfType<LogStatus>());
        Assert.Single(answers.OfType<Activated>());
    }

    [Fact]
    public void An_open_identity_publishes_its_log_and_routes_and_a_closed_one_publishes_none()
    {
        IdentityContext alice = Alice(new TestView("alpha"));
        (IActorRef identity, _) = Start(alice);
        identity.Tell(new Activate());
        ExpectMsg<Activated>(Patience);
        Assert.NotNull(alice.Session.Log);
        Assert.NotNull(alice.Session.Routes);
        Close(identity);
        Assert.Null(alice.Session.Log);
        Assert.Null(alice.Session.Routes);
    }

    [Fact]
    public void A_log_that_has_another_writer_is_the_cause_of_each_refusal_until_the_manager_closes_the_identity()
    {
        using OffsetLog other = OffsetLog.Open(LogPath);
        (IActorRef identity, TestProbe manager) = Start();
        identity.Tell(new Activate());
        identity.Tell(Append());
        for (int i = 0; i < 2; i++)
        {
            NotActivated refusal = ExpectMsg<NotActivated>(Patience);
            Assert.IsType<LogLockedException>(refusal.Cause);
            Assert.Contains("'alice' can't be opened", refusal.Text, StringComparison.Ordinal);
        }

        Assert.Equal("alice", manager.ExpectMsg<Passivate>(Patience).Identity);
        Close(identity);
    }

    [Fact]
    public void A_closing_identity_finishes_earlier_appends_refuses_later_messages_and_frees_the_log()
    {
        (IActorRef identity, _) = Start();
        identity.Tell(new Activate());
        ExpectMsg<Activated>(Patience);
        identity.Tell(Append());
        identity.Tell(new Close());
        identity.Tell(Append());
        Watch(identity);
        object[] answers = [ExpectMsg<object>(Patience), ExpectMsg<object>(Patience)];
        Assert.Single(answers.OfType<Appended>());
        Assert.Contains("is closing", Assert.Single(answers.OfType<NotActivated>()).Text, StringComparison.Ordinal);
        ExpectTerminated(identity, Patience);
        using OffsetLog log = OffsetLog.Open(LogPath);
        Assert.Equal(1, log.CountRecords());
    }

    [Fact]
    public void Damage_that_a_view_reports_makes_the_log_read_only_while_views_answer()
    {
        (IActorRef identity, _) = Start();
        identity.Tell(Append());
        ExpectMsg<Appended>(Patience);
        identity.Tell(new DamageFound(Offset.Zero, "it is damaged at offset 0."));
        identity.Tell(Append());
        Assert.Equal(AppendRejection.ReadOnly, ExpectMsg<AppendRejected>(Patience).Rejection);
        identity.Tell(new GetStatus());
        Assert.Equal("alpha", Assert.Single(ExpectMsg<ViewStatuses>(Patience).Views).Name);
    }

    [Fact]
    public void An_identity_without_calls_asks_the_manager_to_passivate_it()
    {
        (IActorRef identity, TestProbe manager) = Start();
        identity.Tell(new Activate());
        ExpectMsg<Activated>(Patience);
        Assert.Equal("alice", manager.ExpectMsg<Passivate>(Patience).Identity);
    }

    private (IActorRef Identity, TestProbe Manager) Start(IdentityContext? context = null)
    {
        IdentityContext alice = context ?? Alice(new TestView("alpha"));
        TestProbe manager = CreateTestProbe();
        return (manager.ChildActorOf(Props.Create(() => new IdentityActor(alice)), "alice"), manager);
    }

    private void Close(IActorRef identity)
    {
        Watch(identity);
        identity.Tell(new Close());
        ExpectTerminated(identity, Patience);
        Unwatch(identity);
    }

    private static Append Append() => new([EngineRig.Message(1)], Durability.Os);
}
