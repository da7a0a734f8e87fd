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

    [Fact]
    public async Task A_failure_that_nobody_deals_with_ends_the_system()
    {
        var system = ActorSystem.Create("escalating", $$"""
            akka { loglevel = OFF, stdout-loglevel = OFF }
            akka.actor.guardian-supervisor-strategy = "{{typeof(EscalatingStrategy).AssemblyQualifiedName}}"
            """);
        system.ActorOf(Talker.Props(Sink), "a").Tell(s_failure);
        await system.WhenTerminated.WaitAsync(Patience);
    }

    private IActorRef ChildOf(IActorRef parent, string name) =>
        parent.Ask<IActorRef>((Talker.Props(Sink), name), Patience).Result;

    public sealed class EscalatingStrategy : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
    }
}
