using Akka.Actor;
using Akka.Configuration;

namespace Embedded.Tests.Actors;

public sealed class DispatcherTests() : ActorSystemTest("""
    own-threads {
      type = ForkJoinDispatcher
      throughput = 5
      dedicated-thread-pool { thread-count = 2, threadtype = background }
    }
    by-executor {
      type = Dispatcher
      executor = fork-join-executor
      throughput = 3
      dedicated-thread-pool { thread-count = 1 }
    }
    own-thread { type = PinnedDispatcher, executor = fork-join-executor }
    tasks { type = TaskDispatcher, throughput = 7 }
    another-name = own-threads
    broken { type = Nonsense }
    one-at-a-time { type = ForkJoinDispatcher, throughput = 1, dedicated-thread-pool { thread-count = 1 } }
    akka.actor.deployment {
      "/deployed" { dispatcher = own-threads }
      "/deployed/*" { dispatcher = own-threads }
    }
    """)
{
    [Theory]
    [InlineData("own-threads", false, 5)]
    [InlineData("by-executor", false, 3)]
    [InlineData("another-name", false, 5)]
    [InlineData("own-thread", false, 30)]
    [InlineData("tasks", true, 7)]
    [InlineData("akka.actor.default-dispatcher", true, 30)]
    public async Task An_actor_works_on_the_dispatcher_its_props_name(string dispatcher, bool onPool, int throughput)
    {
        var where = await Sys.ActorOf(Props.Create<Reporter>().WithDispatcher(dispatcher)).Ask<Where>("where",
            Patience);
        Assert.Equal((onPool, throughput), (where.OnPool, where.Throughput));
    }

    [Fact]
    public async Task Pinned_actors_have_a_thread_each()
    {
        var props = Props.Create<Reporter>().WithDispatcher("own-thread");
        var (first, second) = (Sys.ActorOf(props), Sys.ActorOf(props));
        var threads = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            threads.Add((await first.Ask<Where>("where", Patience)).Thread);
            threads.Add(-(await second.Ask<Where>("where", Patience)).Thread);
        }
        Assert.Equal(2, threads.Distinct().Count());
        Assert.NotEqual(threads[0], -threads[1]);
    }

    [Fact]
    public async Task A_path_can_be_given_a_dispatcher_by_configuration()
    {
        var deployed = Sys.ActorOf<Reporter>("deployed");
        Assert.False((await deployed.Ask<Where>("where", Patience)).OnPool);
        var child = await deployed.Ask<IActorRef>("child", Patience);
        Assert.False((await child.Ask<Where>("where", Patience)).OnPool);
        Assert.True((await Sys.ActorOf<Reporter>("elsewhere").Ask<Where>("where", Patience)).OnPool);
    }

    [Fact]
    public async Task Asynchronous_work_goes_on_on_the_actors_dispatcher()
    {
        var actor = Sys.ActorOf(Props.Create<Reporter>().WithDispatcher("own-threads"));
        Assert.False((await actor.Ask<Where>("where after await", Patience)).OnPool);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("broken")]
    public void A_dispatcher_that_is_not_configured_is_an_error(string dispatcher) =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create<Reporter>().WithDispatcher(dispatcher)));

    [Fact]
    public void An_actor_gives_its_thread_to_others_after_as_many_messages_as_the_throughput_says()
    {
        var props = Props.Create(() => new Greedy(Sink)).WithDispatcher("one-at-a-time");
        var (first, second) = (Sys.ActorOf(props, "first"), Sys.ActorOf(props, "second"));
        using var go = new ManualResetEventSlim();
        first.Tell(go);
        SkipTo("waiting");
        for (var i = 0; i < 50; i++)
            first.Tell(i);
        second.Tell(-1);
        go.Set();
        var told = Until(m => m is 49);
        Assert.InRange(told.IndexOf(-1), 0, 5);
    }

    [Fact]
    public void Threads_end_with_the_system()
    {
        var system = ActorSystem.Create("threads", """
            akka { loglevel = OFF, stdout-loglevel = OFF }
            mine { type = ForkJoinDispatcher, throughput = 1, dedicated-thread-pool { thread-count = 2 } }
            """);
        var thread =
            system.ActorOf(Props.Create<Reporter>().WithDispatcher("mine")).Ask<Where>("where", Patience).Result.Handle;
        Assert.True(thread.IsAlive);
        Assert.True(system.Terminate().Wait(Patience));
        Assert.True(thread.Join(Patience));
    }

    private sealed record Where(bool OnPool, int Thread, int Throughput, Thread Handle);

    private sealed class Reporter : ReceiveActor
    {
        public Reporter()
        {
            Receive<string>(m => m == "where", _ => Sender.Tell(Here()));
            Receive<string>(m => m == "child", _ => Sender.Tell(Context.ActorOf<Reporter>("child")));
            ReceiveAsync<string>(async _ =>
            {
                await Task.Delay(5);
                Sender.Tell(Here());
            });
        }

        private static Where Here() => new(Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId,
            Context.Dispatcher.Throughput, Thread.CurrentThread);
    }

    private sealed class Greedy : ReceiveActor
    {
        public Greedy(IActorRef sink)
        {
            Receive<ManualResetEventSlim>(go =>
            {
                sink.Tell("waiting");
                go.Wait(Patience);
            });
            ReceiveAny(m => sink.Tell(m));
        }
    }
}
