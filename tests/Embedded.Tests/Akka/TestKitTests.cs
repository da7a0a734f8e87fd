using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.TestActors;
using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace Embedded.Tests.Actors;

public sealed class TestKitTests()
    : TestKit("akka { loglevel = DEBUG, stdout-loglevel = OFF, test.single-expect-default = 5s }")
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(60);

    [Fact]
    public void The_test_is_the_sender_and_expects_answers()
    {
        var echo = Sys.ActorOf<Echo>();
        echo.Tell("hello");
        ExpectMsg("hello");
        Assert.Equal(echo, LastSender);
        echo.Tell(1);
        Assert.Equal(1, ExpectMsg<int>());
        echo.Tell(2);
        ExpectMsg<int>(n => n == 2);
        echo.Tell(3);
        ExpectMsg<int>(n => Assert.Equal(3, n));
        echo.Tell(4);
        ExpectMsgFrom<int>(echo);
        ExpectNoMsg(0);
    }

    [Fact]
    public async Task The_test_is_the_sender_after_an_await_too()
    {
        var echo = ActorOf<Echo>();
        echo.Tell("one");
        Assert.Equal("one", await ExpectMsgAsync<string>());
        await Task.Delay(1);
        echo.Tell("two");
        await ExpectMsgAsync("two");
        await ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public void An_expectation_that_is_not_met_fails_the_test()
    {
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(s_short));
        TestActor.Tell(1);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(s_short));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("b", s_short));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(m => m == "b", s_short));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(s_short));
    }

    [Fact]
    public void A_probe_is_sent_to_answers_and_watches()
    {
        var probe = CreateTestProbe("probe");
        probe.Ref.Tell("hello", TestActor);
        Assert.Equal("hello", probe.ExpectMsg<string>());
        Assert.Equal(TestActor, probe.LastSender);
        probe.Reply("back");
        ExpectMsg("back");
        Assert.Equal(probe.Ref, LastSender);
        var echo = ActorOf<Echo>();
        probe.Send(echo, "ping");
        probe.ExpectMsg("ping");
        probe.Watch(echo);
        Sys.Stop(echo);
        probe.ExpectTerminated(echo);
        probe.Ref.Tell("on", TestActor);
        probe.ExpectMsg("on");
        probe.Forward(ActorOf<Echo>());
        ExpectMsg("on");
    }

    [Fact]
    public void A_probe_can_be_watched_and_stopped_like_an_actor()
    {
        var probe = CreateTestProbe();
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe);
    }

    [Fact]
    public void A_message_is_fished_for()
    {
        foreach (var message in new object[] { 1, "no", 2, "yes" })
            TestActor.Tell(message);
        Assert.Equal("yes", FishForMessage<string>(m => m == "yes"));
        TestActor.Tell(5);
        Assert.Equal(5, FishForMessage(m => m is 5));
        Assert.ThrowsAny<XunitException>(() => FishForMessage(_ => true, s_short));
    }

    [Fact]
    public async Task Messages_are_received_in_numbers()
    {
        for (var i = 0; i < 6; i++)
            TestActor.Tell(i);
        Assert.Equal([0, 1, 2], ReceiveN(3).Cast<int>());
        Assert.Equal(3, ReceiveOne());
        Assert.Equal(4, await ReceiveOneAsync());
        var last = new List<object>();
        await foreach (var message in ReceiveNAsync(1))
            last.Add(message);
        Assert.Equal([5], last);
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.ThrowsAny<XunitException>(() => ReceiveN(1, s_short));
        TestActor.Tell("b");
        TestActor.Tell("a");
        Assert.Equal(["a", "b"], ExpectMsgAllOf("a", "b").Order());
        TestActor.Tell("a");
        Assert.Equal("a", ExpectMsgAnyOf(["a", "b"]));
    }

    [Fact]
    public void Messages_can_be_ignored()
    {
        IgnoreMessages<string>(m => m == "noise");
        TestActor.Tell("noise");
        TestActor.Tell("signal");
        ExpectMsg("signal");
        IgnoreNoMessages();
        TestActor.Tell("noise");
        ExpectMsg("noise");
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Code_runs_within_a_time_limit()
    {
        TestActor.Tell("in time");
        Within(TimeSpan.FromSeconds(5), () => ExpectMsg("in time"));
        Assert.ThrowsAny<XunitException>(() => Within(s_short, () => ExpectMsg<string>()));
        Assert.Equal(3, await WithinAsync(TimeSpan.FromSeconds(5), () => Task.FromResult(3)));
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), () => { }));
    }

    [Fact]
    public async Task Conditions_and_assertions_are_tried_until_they_hold()
    {
        var tries = 0;
        AwaitCondition(() => ++tries > 2, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1));
        AwaitAssert(() => Assert.True(++tries > 5), interval: TimeSpan.FromMilliseconds(1));
        await AwaitAssertAsync(() => Assert.True(++tries > 8), interval: TimeSpan.FromMilliseconds(1));
        await AwaitConditionAsync(() =>
            Task.FromResult(++tries > 10), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1));
        Assert.Equal(11, tries);
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, s_short));
        Assert.ThrowsAny<XunitException>(() =>
            AwaitAssert(() => Assert.Fail("never"), s_short, TimeSpan.FromMilliseconds(5)));
        Assert.False(AwaitConditionNoThrow(() => false, s_short));
    }

    [Fact]
    public void An_auto_pilot_answers()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"got {message}");
            return AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell(1, TestActor);
        probe.Ref.Tell(2, TestActor);
        ExpectMsg("got 1");
        ExpectMsg("got 2");
        probe.ExpectMsg(1);
    }

    [Fact]
    public void A_log_event_can_be_expected()
    {
        EventFilter.Info("hello").ExpectOne(() => Log.Info("hello"));
        EventFilter.Warning(contains: "ell").Expect(2, () =>
        {
            Log.Warning("hello");
            Log.Warning("bell");
            Log.Warning("other");
        });
        EventFilter.Error(start: "he").ExpectOne(() => Log.Error("hello"));
        EventFilter.Debug("quiet").ExpectOne(() => Log.Debug("quiet"));
        EventFilter.Custom<Info>(e => e.Message.ToString() == "mine").ExpectOne(() => Log.Info("mine"));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("never").ExpectOne(s_short, () => Log.Info("other")));
    }

    [Fact]
    public async Task A_failure_of_an_actor_can_be_expected()
    {
        var actor = ActorOf(() => new Failing(), "failing");
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("now"));
        EventFilter.Exception<InvalidOperationException>("failed", source: "akka://test/user/failing").ExpectOne(() =>
            actor.Tell("now"));
        await EventFilter.Exception<InvalidOperationException>().ExpectOneAsync(() =>
        {
            actor.Tell("now");
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_dead_letter_can_be_expected() =>
        EventFilter.DeadLetter<string>().ExpectOne(() => Sys.DeadLetters.Tell("lost"));

    [Fact]
    public void An_actor_can_work_on_the_thread_of_the_test()
    {
        var actor = ActorOfAsTestActorRef(() => new Summing());
        actor.Tell(2);
        actor.Tell(3);
        Assert.Equal(5, actor.UnderlyingActor.Sum);
        actor.Receive(4);
        Assert.Equal(9, actor.UnderlyingActor.Sum);
        Assert.Throws<InvalidOperationException>(() => actor.Receive(-1));
        actor.Tell("sum", TestActor);
        ExpectMsg(9);
    }

    [Fact]
    public void Ready_made_actors_do_what_their_names_say()
    {
        ActorOf(BlackHoleActor.Props).Tell("gone");
        ExpectNoMsg(s_short);
        var probe = CreateTestProbe();
        ActorOf(ForwardActor.Props(probe)).Tell("on");
        probe.ExpectMsg("on");
        ActorOf(EchoActor.Props(this)).Tell("back");
        ExpectMsg("back");
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing()
        {
            ReceiveAny(_ => throw new InvalidOperationException("failed"));
        }
    }

    private sealed class Summing : ReceiveActor
    {
        public Summing()
        {
            Receive<int>(n => n < 0, _ => throw new InvalidOperationException());
            Receive<int>(n => Sum += n);
            ReceiveAny(_ => Sender.Tell(Sum));
        }

        public int Sum { get; private set; }
    }
}
