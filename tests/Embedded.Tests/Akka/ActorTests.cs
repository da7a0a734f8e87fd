using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class ActorTests : ActorSystemTest
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_order_and_one_at_a_time()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Counter(Sink)));
        const int senders = 4, each = 5_000;
        Parallel.For(0, senders, sender =>
        {
            for (var i = 0; i < each; i++)
                actor.Tell((sender, i));
        });
        actor.Tell("report");
        Assert.Equal((senders * each, true, true), Next());
    }

    [Fact]
    public async Task A_question_is_answered_by_the_actor()
    {
        var echo = Sys.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal(42, await echo.Ask<int>(42, Patience));
        Assert.Equal("akka://test/user/echo", echo.Path.ToString());
    }

    [Fact]
    public void Actors_without_a_name_are_named_by_number()
    {
        Assert.Equal("$a", Sys.ActorOf<Echo>().Path.Name);
        Assert.Equal("$b", Sys.ActorOf<Echo>().Path.Name);
    }

    [Fact]
    public void A_name_is_unique_until_its_actor_has_ended()
    {
        var first = Watched(Sys.ActorOf<Echo>("name"));
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf<Echo>("name"));
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);
        var second = Sys.ActorOf<Echo>("name");
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void A_malformed_name_is_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf<Echo>(name));

    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            ReceiveAny(m => Sender.Tell(m));
        }
    }

    private sealed class Counter : ReceiveActor
    {
        private readonly int[] _next = new int[4];
        private int _count;
        private int _inside;
        private bool _ordered = true;
        private bool _alone = true;

        public Counter(IActorRef sink)
        {
            Receive<(int Sender, int Number)>(m =>
            {
                _alone &= Interlocked.Increment(ref _inside) == 1;
                _ordered &= _next[m.Sender]++ == m.Number;
                _count++;
                Interlocked.Decrement(ref _inside);
            });
            Receive<string>(_ => sink.Tell((_count, _ordered, _alone)));
        }
    }
}
