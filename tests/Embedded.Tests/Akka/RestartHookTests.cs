using Akka.Actor;

namespace Embedded.Tests.Actors;

/// <summary>Failures where an actor is made, and in what it does at a restart.</summary>
public sealed class RestartHookTests : ActorSystemTest
{
    private static readonly Exception s_failure = new InvalidOperationException("told to fail");

    [Fact]
    public void A_failing_message_is_given_to_PreRestart_and_is_not_handled_again()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Reporter(Sink)));
        actor.Tell("fail");
        actor.Tell("next");
        ExpectInOrder(("InvalidOperationException", "fail"), "next");
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
