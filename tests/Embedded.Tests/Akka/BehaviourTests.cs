using Akka.Actor;
using Akka.Event;

namespace Embedded.Tests.Actors;

public sealed class BehaviourTests : ActorSystemTest
{
    [Fact]
    public void The_first_handler_that_fits_gets_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Handlers(Sink)));
        foreach (var message in new object[] { 5, 50, "x", 'c', 1.5 })
            actor.Tell(message);
        ExpectInOrder("small 5", "int 50", "string x", "object c", "object 1.5");
    }

    [Fact]
    public void A_handler_may_decline()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Declining(Sink)));
        actor.Tell(1);
        actor.Tell(2);
        ExpectInOrder("odd 1", "even 2");
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe(Sink, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Talker.Props(Sys.DeadLetters));
        actor.Tell(1.5, Sink);
        var unhandled = Next<UnhandledMessage>();
        Assert.Equal((1.5, actor, Sink), (unhandled.Message, unhandled.Recipient, unhandled.Sender));
    }

    [Fact]
    public void A_behaviour_can_be_replaced_and_stacked()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(Sink)));
        foreach (var message in new[] { "a", "become", "b", "stack", "c", "unstack", "d", "unstack", "e" })
            actor.Tell(message);
        ExpectInOrder("calm a", "calm become", "angry b", "angry stack", "wild c", "wild unstack", "angry d",
            "angry unstack",
            "calm e");
    }

    [Fact]
    public void A_restart_forgets_behaviours()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(Sink)));
        actor.Tell("become");
        actor.Tell(new InvalidOperationException());
        actor.Tell("a");
        ExpectInOrder("calm become", "calm a");
    }

    [Fact]
    public void Nothing_may_be_added_after_a_handler_for_anything()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e.GetBaseException());
            return Directive.Stop;
        })));
        parent.Tell((Props.Create(() => new Unreachable()), "a"));
        Next<InvalidOperationException>();
    }

    [Fact]
    public void Handlers_are_listed_in_the_constructor_or_in_Become()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e);
            return Directive.Stop;
        })));
        var child = parent.Ask<IActorRef>((Props.Create(() => new LateHandler()), "a"), Patience).Result;
        child.Tell("now");
        Next<InvalidOperationException>();
    }

    [Fact]
    public void An_untyped_actor_says_itself_what_it_does_not_handle()
    {
        Sys.EventStream.Subscribe(Sink, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new Picky(Sink)));
        actor.Tell("yes");
        actor.Tell("no");
        ExpectInOrder("yes");
        Assert.Equal("no", Next<UnhandledMessage>().Message);
    }

    [Fact]
    public void Props_make_actors_of_a_type_with_arguments()
    {
        Sys.ActorOf(Props.Create<Handlers>(Sink)).Tell(1);
        ExpectInOrder("small 1");
        Sys.ActorOf(Props.Create(typeof(Handlers), Sink)).Tell(1);
        ExpectInOrder("small 1");
        Assert.Equal(typeof(Handlers), Props.Create<Handlers>(Sink).Type);
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));
    }

    private sealed class Handlers : ReceiveActor
    {
        public Handlers(IActorRef sink)
        {
            Receive<int>(n => n < 10, n => sink.Tell($"small {n}"));
            Receive<int>(n => sink.Tell($"int {n}"));
            Receive(typeof(string), s => sink.Tell($"string {s}"));
            ReceiveAny(o => sink.Tell(FormattableString.Invariant($"object {o}")));
        }
    }

    private sealed class Declining : ReceiveActor
    {
        public Declining(IActorRef sink)
        {
            Receive<int>(n =>
            {
                if (n % 2 == 1)
                    sink.Tell($"odd {n}");
                return n % 2 == 1;
            });
            Receive<int>(n => sink.Tell($"even {n}"));
        }
    }

    private sealed class Moody : ReceiveActor
    {
        private readonly IActorRef _sink;

        public Moody(IActorRef sink)
        {
            _sink = sink;
            Mood("calm");
        }

        private void Mood(string name)
        {
            Receive<Exception>(e => throw e);
            Receive<string>(m =>
            {
                _sink.Tell($"{name} {m}");
                if (m == "become")
                    Become(() => Mood("angry"));
                if (m == "stack")
                    BecomeStacked(() => Mood("wild"));
                if (m == "unstack")
                    UnbecomeStacked();
            });
        }
    }

    private sealed class Unreachable : ReceiveActor
    {
        public Unreachable()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    private sealed class LateHandler : ReceiveActor
    {
        public LateHandler()
        {
            Receive<string>(_ => Receive<int>(_ => { }));
        }
    }

    private sealed class Picky(IActorRef sink) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "yes")
                sink.Tell(message);
            else
                Unhandled(message);
        }
    }
}
