using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class SupervisionTests : ActorSystemTest
{
    private static readonly Exception s_failure = new InvalidOperationException("told to fail");

    [Fact]
    public void A_failing_actor_is_restarted_by_default_and_keeps_its_mailbox()
    {
        var actor = Sys.ActorOf(Talker.Props(Sink), "a");
        actor.Tell(s_failure);
        actor.Tell("after");
        ExpectInOrder("a made", "a start", "a pre restart", "a stop", "a made", "a post restart", "a start", "a after");
    }

    [Fact]
    public void A_failing_message_is_given_to_PreRestart_and_is_not_handled_again()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Reporter(Sink)));
        actor.Tell("fail");
        actor.Tell("next");
        ExpectInOrder(("InvalidOperationException", "fail"), "next");
    }

    [Fact]
    public void A_resumed_child_goes_on_as_it_was()
    {
        var child = ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ => Directive.Resume))), "a");
        child.Tell(s_failure);
        child.Tell("after");
        ExpectInOrder("a made", "a start", "a after");
    }

    [Fact]
    public void A_stopped_child_ends_and_its_messages_are_lost()
    {
        var child = Watched(ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ => Directive.Stop))), "a"));
        child.Tell(s_failure);
        child.Tell("after");
        Assert.DoesNotContain("a after", UntilTerminated(child));
    }

    [Fact]
    public void An_escalated_failure_restarts_the_parent_which_stops_the_child()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ => Directive.Escalate)));
        var child = Watched(ChildOf(parent, "a"));
        child.Tell(s_failure);
        UntilTerminated(child);
        Assert.NotEqual(child, ChildOf(parent, "a"));
    }

    [Fact]
    public void A_child_is_stopped_when_it_failed_more_often_than_allowed()
    {
        var strategy = new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart);
        var child = Watched(ChildOf(Sys.ActorOf(Parent.Props(strategy)), "a"));
        for (var i = 0; i < 3; i++)
            child.Tell(s_failure);
        Assert.Equal(2, UntilTerminated(child).Count(m => m is "a post restart"));
    }

    [Fact]
    public void No_restart_is_allowed_when_the_limit_is_zero()
    {
        var child = Watched(ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(0, 1000, _ => Directive.Restart))),
            "a"));
        child.Tell(s_failure);
        Assert.DoesNotContain("a post restart", UntilTerminated(child));
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        var parent = Sys.ActorOf(Parent.Props(new AllForOneStrategy(_ => Directive.Restart)));
        var first = ChildOf(parent, "a");
        ChildOf(parent, "b");
        first.Tell(s_failure);
        var restarted = new HashSet<object>();
        Until(m => m is string text && text.EndsWith("post restart") && restarted.Add(m) && restarted.Count == 2);
        Assert.Equal(["a post restart", "b post restart"], restarted.Order());
    }

    [Fact]
    public void All_for_one_stops_the_siblings_too()
    {
        var parent = Sys.ActorOf(Parent.Props(new AllForOneStrategy(_ => Directive.Stop)));
        var first = ChildOf(parent, "a");
        var second = Watched(ChildOf(parent, "b"));
        first.Tell(s_failure);
        UntilTerminated(second);
    }

    [Fact]
    public void A_decider_chooses_by_the_type_of_the_exception()
    {
        var decider = Decider.From(Directive.Stop, Directive.Resume.When<InvalidOperationException>());
        var child = Watched(ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(decider))), "a"));
        child.Tell(s_failure);
        child.Tell("after");
        SkipTo("a after");
        child.Tell(new TimeoutException());
        UntilTerminated(child);
    }

    [Fact]
    public void Props_can_carry_the_strategy()
    {
        var props = Parent.Props(new OneForOneStrategy(_ => Directive.Restart))
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop));
        var child = Watched(ChildOf(Sys.ActorOf(props), "a"));
        child.Tell(s_failure);
        Assert.DoesNotContain("a post restart", UntilTerminated(child));
    }

    [Fact]
    public void An_actor_whose_constructor_throws_ends()
    {
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Broken())));
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_supervisor_sees_what_went_wrong_in_a_constructor()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e);
            return Directive.Stop;
        })));
        parent.Tell((Props.Create(() => new Broken()), "a"));
        var failure = Next<ActorInitializationException>();
        Assert.Equal("akka://test/user/$a/a", failure.Actor.Path.ToString());
        Assert.IsType<TypeLoadException>(failure.InnerException);
        Assert.IsType<InvalidOperationException>(failure.GetBaseException());
    }

    [Fact]
    public void A_constructor_that_throws_is_tried_again_when_the_supervisor_says_restart()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ => Directive.Restart)));
        var attempts = new Attempts();
        parent.Tell((Props.Create(() => new BrokenAtFirst(attempts, Sink)), "a"));
        ExpectInOrder("made at attempt 3");
    }

    [Fact]
    public void A_killed_actor_ends_by_default()
    {
        var actor = Watched(Sys.ActorOf(Talker.Props(Sink)));
        actor.Tell(Kill.Instance);
        UntilTerminated(actor);
    }

    [Fact]
    public void A_restart_stops_the_children_before_the_actor_is_made_again()
    {
        var actor = Sys.ActorOf(Talker.Props(Sink), "a");
        actor.Tell(Talker.Props(Sink));
        SkipTo("child start");
        actor.Tell(s_failure);
        ExpectInOrder("a pre restart", "a stop", "child stop", "a made", "a post restart", "a start");
    }

    [Fact]
    public void Messages_wait_until_the_supervisor_has_decided()
    {
        using var decided = new ManualResetEventSlim();
        var child = ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ =>
        {
            Sink.Tell("deciding");
            decided.Wait(Patience);
            return Directive.Resume;
        }))), "a");
        child.Tell(s_failure);
        child.Tell("after");
        SkipTo("deciding");
        ExpectNothing();
        decided.Set();
        ExpectInOrder("a after");
    }

    [Fact]
    public void The_grandchildren_are_suspended_with_a_child_that_failed()
    {
        using var decided = new ManualResetEventSlim();
        var child = ChildOf(Sys.ActorOf(Parent.Props(new OneForOneStrategy(_ =>
        {
            Sink.Tell("deciding");
            decided.Wait(Patience);
            return Directive.Resume;
        }))), "a");
        child.Tell(Talker.Props(Sink));
        SkipTo("child start");
        child.Tell(s_failure);
        SkipTo("deciding");
        Sys.ActorSelection(child.Path / "child").Tell("after");
        ExpectNothing();
        decided.Set();
        ExpectInOrder("child after");
    }

    [Fact]
    public void A_failure_in_PreRestart_does_not_keep_the_actor_from_being_restarted()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FailingHooks(Sink, true)));
        actor.Tell("fail");
        actor.Tell("after");
        ExpectInOrder("after");
    }

    [Fact]
    public void A_failure_in_PostRestart_is_a_failure_of_its_own()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e.GetType());
            return e is PostRestartException ? Directive.Stop : Directive.Restart;
        })));
        var child = Watched(parent.Ask<IActorRef>((Props.Create(() => new FailingHooks(Sink, false)), "a"),
            Patience).Result);
        child.Tell("fail");
        ExpectInOrder(typeof(InvalidOperationException), typeof(PostRestartException));
        ExpectTerminated(child);
    }

    [Fact]
    public void The_guardian_can_be_given_another_strategy()
    {
        using var system = ActorSystem.Create("stopping", """
            akka { loglevel = OFF, stdout-loglevel = OFF }
            akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
            """);
        var actor = system.ActorOf(Talker.Props(Sink), "a");
        actor.Tell(s_failure);
        SkipTo("a stop");
        ExpectNothing();
    }

    private IActorRef ChildOf(IActorRef parent, string name) =>
        parent.Ask<IActorRef>((Talker.Props(Sink), name), Patience).Result;

    private sealed class Reporter : ReceiveActor
    {
        private readonly IActorRef _sink;

        public Reporter(IActorRef sink)
        {
            _sink = sink;
            Receive<string>(m => m == "fail", _ => throw s_failure);
            Receive<string>(m => sink.Tell(m));
        }

        protected override void PreRestart(Exception reason, object message) =>
            _sink.Tell((reason.GetType().Name, (string)message));
    }

    private sealed class Broken : ReceiveActor
    {
        public Broken()
        {
            throw s_failure;
        }
    }

    private sealed class Attempts
    {
        public int Count { get; set; }
    }

    private sealed class BrokenAtFirst : ReceiveActor
    {
        public BrokenAtFirst(Attempts attempts, IActorRef sink)
        {
            if (++attempts.Count < 3)
                throw s_failure;
            sink.Tell($"made at attempt {attempts.Count}");
        }
    }

    private sealed class FailingHooks : ReceiveActor
    {
        private readonly bool _before;

        public FailingHooks(IActorRef sink, bool before)
        {
            _before = before;
            Receive<string>(m => m == "fail", _ => throw s_failure);
            Receive<string>(m => sink.Tell(m));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            if (_before)
                throw new TimeoutException();
        }

        protected override void PostRestart(Exception reason)
        {
            if (!_before)
                throw new TimeoutException();
        }
    }
}
