using Akka.Actor;

namespace Embedded.Tests.Actors;

/// <summary>
/// Many messages over few threads: a wake-up that is lost leaves a token lying and the test without its end.
/// </summary>
public sealed class StressTests() : ActorSystemTest("""
    one-thread { type = ForkJoinDispatcher, throughput = 1, dedicated-thread-pool { thread-count = 1 } }
    three-threads { type = ForkJoinDispatcher, throughput = 3, dedicated-thread-pool { thread-count = 3 } }
    """)
{
    [Theory]
    [InlineData("akka.actor.default-dispatcher", 1)]
    [InlineData("akka.actor.default-dispatcher", 50)]
    [InlineData("one-thread", 10)]
    [InlineData("three-threads", 10)]
    public void Tokens_go_round_a_ring_of_actors_and_none_is_lost(string dispatcher, int tokens)
    {
        const int size = 20, rounds = 300;
        var next = Sink;
        var ring = new List<IActorRef>();
        for (var i = 0; i < size; i++)
            ring.Add(next = Sys.ActorOf(Props.Create(() => new Node(next, Sink)).WithDispatcher(dispatcher)));
        ring[0].Tell(ring[^1]);
        for (var i = 0; i < tokens; i++)
            ring[i % size].Tell(size * rounds);
        for (var i = 0; i < tokens; i++)
            Assert.Equal("arrived", Next());
    }

    [Fact]
    public void Actors_that_come_and_go_while_they_are_sent_to_end_once_each()
    {
        const int count = 300;
        var actors = Enumerable.Range(0, count).Select(i => Watched(Sys.ActorOf<Echo>("coming" + i))).ToList();
        Parallel.ForEach(actors, actor =>
        {
            for (var i = 0; i < 20; i++)
                actor.Tell(i);
            Sys.Stop(actor);
            actor.Tell("too late");
        });
        var ended = new HashSet<IActorRef>();
        for (var i = 0; i < count; i++)
            Assert.True(ended.Add(Next<Terminated>().ActorRef));
    }

    [Fact]
    public void Systems_can_be_started_and_terminated_in_numbers()
    {
        for (var i = 0; i < 15; i++)
        {
            var system = ActorSystem.Create("number" + i, "akka { loglevel = OFF, stdout-loglevel = OFF }");
            Assert.Equal(i, system.ActorOf<Echo>().Ask<int>(i, Patience).Result);
            Assert.True(system.Terminate().Wait(Patience));
        }
    }

    private sealed class Node : ReceiveActor
    {
        private IActorRef _next;

        public Node(IActorRef next, IActorRef sink)
        {
            _next = next;
            Receive<IActorRef>(first => _next = first);
            Receive<int>(left => left == 0, _ => sink.Tell("arrived"));
            Receive<int>(left => _next.Tell(left - 1));
        }
    }
}
