using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class StashTests : ActorSystemTest
{
    [Fact]
    public void Messages_put_back_come_before_those_that_arrived_since_in_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(Sink)));
        foreach (var message in new[] { "a", "b", "open", "c" })
            actor.Tell(message);
        ExpectInOrder("opened", "a", "b", "c");
    }

    [Fact]
    public void The_sender_of_a_stashed_message_is_kept()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(Sink)));
        var other = Sys.ActorOf<Echo>();
        actor.Tell("a", other);
        actor.Tell("open");
        SkipTo("opened");
        SkipTo("a");
        actor.Tell("who", other);
        ExpectInOrder(other);
    }

    [Fact]
    public void Stashed_messages_survive_a_restart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(Sink)));
        actor.Tell("a");
        actor.Tell("fail");
        actor.Tell("open");
        ExpectInOrder("opened", "a");
    }

    [Fact]
    public void Stashed_messages_are_lost_when_the_actor_ends()
    {
        Sys.EventStream.Subscribe(Sink, typeof(Akka.Event.DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Gate(Sink)));
        actor.Tell("a");
        actor.Tell(PoisonPill.Instance);
        Assert.Equal("a", Next<Akka.Event.DeadLetter>().Message);
    }

    [Fact]
    public void A_message_can_be_stashed_once_only()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e);
            return Directive.Stop;
        })));
        parent.Ask<IActorRef>((Props.Create(() => new Gate(Sink)), "a"), Patience).Result.Tell("twice");
        Next<IllegalActorStateException>();
    }

    [Fact]
    public void One_message_at_a_time_can_be_put_back()
    {
        var actor = Sys.ActorOf(Props.Create(() => new OneByOne(Sink)));
        foreach (var message in new[] { "a", "b", "next", "next" })
            actor.Tell(message);
        ExpectInOrder("a", "b");
    }

    [Fact]
    public void A_stash_says_what_is_in_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(Sink)));
        actor.Tell("a");
        actor.Tell("count");
        ExpectInOrder((1, true));
    }

    [Fact]
    public void A_stash_with_a_capacity_overflows()
    {
        var parent = Sys.ActorOf(Parent.Props(new OneForOneStrategy(e =>
        {
            Sink.Tell(e);
            return Directive.Stop;
        })));
        var child = parent.Ask<IActorRef>((Props.Create(() => new OneByOne(Sink)).WithStashCapacity(2), "a"),
            Patience).Result;
        foreach (var message in new[] { "a", "b", "c" })
            child.Tell(message);
        Next<StashOverflowException>();
    }

    private sealed class Gate : ReceiveActor, IWithUnboundedStash
    {
        public Gate(IActorRef sink)
        {
            Receive<string>(m => m == "open", _ =>
            {
                sink.Tell("opened");
                Stash.UnstashAll();
                Become(() => Receive<string>(m => sink.Tell(m == "who" ? Sender : m)));
            });
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException());
            Receive<string>(m => m == "count", _ => sink.Tell((Stash.Count, Stash.NonEmpty)));
            Receive<string>(m => m == "twice", _ =>
            {
                Stash.Stash();
                Stash.Stash();
            });
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class OneByOne(IActorRef sink) : UntypedActorWithStash
    {
        private bool _open;

        protected override void OnReceive(object message)
        {
            if (message is "next")
            {
                _open = true;
                Stash.Unstash();
            }
            else if (_open)
            {
                _open = false;
                sink.Tell(message);
            }
            else
            {
                Stash.Stash();
            }
        }
    }
}
