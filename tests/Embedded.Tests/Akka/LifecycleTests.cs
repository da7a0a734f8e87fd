using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class LifecycleTests : ActorSystemTest
{
    [Fact]
    public void Stopping_lets_the_message_being_handled_end_and_drops_the_others()
    {
        using var go = new ManualResetEventSlim();
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Waiter(go, Sink))));
        actor.Tell("stop");
        SkipTo("got stop");
        actor.Tell("second");
        go.Set();
        Assert.Equal(["end of stop", "stopped"], UntilTerminated(actor).SkipLast(1));
    }

    [Fact]
    public void A_poison_pill_lets_what_came_before_be_handled()
    {
        var actor = Watched(Sys.ActorOf(Talker.Props(Sink), "a"));
        actor.Tell("one");
        actor.Tell("two");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("three");
        var told = UntilTerminated(actor);
        Assert.Equal(["a one", "a two", "a stop"], told.OfType<string>().Where(m => m is not ("a made" or "a start")));
    }

    [Fact]
    public void Children_end_before_their_parent()
    {
        var actor = Watched(Sys.ActorOf(Talker.Props(Sink), "a"));
        actor.Tell(Talker.Props(Sink));
        SkipTo("child start");
        Sys.Stop(actor);
        ExpectInOrder("child stop", "a stop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_child_is_found_by_name_and_listed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Family(Sink)));
        actor.Tell("report");
        ExpectInOrder(("first,second", true, true));
    }

    [Fact]
    public void A_name_may_be_used_again_as_soon_as_the_end_is_known()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Renewer(Sink)));
        actor.Tell("renew");
        ExpectInOrder("renewed");
    }

    [Fact]
    public void An_actor_can_stop_itself()
    {
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Suicidal())));
        actor.Tell("now");
        ExpectTerminated(actor);
    }

    [Fact]
    public void The_context_belongs_to_the_thread_on_which_the_actor_runs()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ContextLeaver(Sink)));
        actor.Tell("leave");
        Next<NotSupportedException>();
    }

    [Fact]
    public async Task Actors_are_made_by_the_system_alone() =>
        await Assert.ThrowsAsync<ActorInitializationException>(() => OnFreshThread(() => new Echo()));

    [Fact]
    public void An_actor_that_is_disposable_is_disposed_when_it_ends()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Holder(Sink)));
        actor.Tell(PoisonPill.Instance);
        ExpectInOrder("stop", "dispose");
    }

    [Fact]
    public void A_parent_that_ends_takes_no_more_children()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LateParent(Sink)));
        actor.Tell(PoisonPill.Instance);
        Next<InvalidOperationException>();
    }

    [Fact]
    public async Task A_terminated_system_takes_no_more_actors()
    {
        var system = ActorSystem.Create("other", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        await system.Terminate().WaitAsync(Patience);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf<Echo>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a.b")]
    public void A_malformed_system_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ActorSystem.Create(name));

    [Fact]
    public async Task Code_registered_on_termination_runs_the_last_registered_first()
    {
        var system = ActorSystem.Create("other", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        system.RegisterOnTermination(() => Sink.Tell("first registered"));
        system.RegisterOnTermination(() => Sink.Tell("last registered"));
        await system.Terminate().WaitAsync(Patience);
        ExpectInOrder("last registered", "first registered");
    }

    [Fact]
    public async Task Graceful_stop_awaits_the_end()
    {
        var actor = Sys.ActorOf(Talker.Props(Sink), "a");
        actor.Tell("one");
        Assert.True(await actor.GracefulStop(Patience));
        ExpectInOrder("a made", "a start", "a one", "a stop");
    }

    [Fact]
    public async Task Graceful_stop_gives_up_after_the_time_limit()
    {
        using var go = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(go, Sink)));
        actor.Tell("wait");
        var ended = await actor.GracefulStop(TimeSpan.FromMilliseconds(50));
        go.Set();
        Assert.False(ended);
    }

    [Fact]
    public async Task The_end_of_an_actor_can_be_awaited()
    {
        var actor = Sys.ActorOf<Echo>();
        var ended = actor.WatchAsync();
        Assert.False(ended.IsCompleted);
        actor.Tell(PoisonPill.Instance);
        Assert.True(await ended.WaitAsync(Patience));
        Assert.True(await actor.WatchAsync().WaitAsync(Patience));
    }

    /// <summary>On a thread of the pool the test actor of another test may have been left behind.</summary>
    private static Task<T> OnFreshThread<T>(Func<T> make) =>
        Task.Factory.StartNew(make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Waiter : ReceiveActor
    {
        private readonly IActorRef _sink;

        public Waiter(ManualResetEventSlim go, IActorRef sink)
        {
            _sink = sink;
            Receive<string>(m =>
            {
                sink.Tell("got " + m);
                if (m == "stop")
                    Context.Stop(Self);
                go.Wait(Patience);
                sink.Tell("end of " + m);
            });
        }

        protected override void PostStop() => _sink.Tell("stopped");
    }

    private sealed class Family : ReceiveActor
    {
        public Family(IActorRef sink)
        {
            var first = Context.ActorOf<Echo>("first");
            Context.ActorOf<Echo>("second");
            Receive<string>(_ => sink.Tell((string.Join(",", Context.GetChildren().Select(c => c.Path.Name).Order()),
                Context.Child("first").Equals(first), Context.Child("third").IsNobody())));
        }
    }

    private sealed class Renewer : ReceiveActor
    {
        public Renewer(IActorRef sink)
        {
            var child = Context.Watch(Context.ActorOf<Echo>("child"));
            Receive<string>(_ => Context.Stop(child));
            Receive<Terminated>(_ =>
            {
                Context.ActorOf<Echo>("child");
                sink.Tell("renewed");
            });
        }
    }

    private sealed class Suicidal : ReceiveActor
    {
        public Suicidal()
        {
            ReceiveAny(_ => Context.Stop(Self));
        }
    }

    private sealed class ContextLeaver : ReceiveActor
    {
        public ContextLeaver(IActorRef sink)
        {
            ReceiveAny(_ => OnFreshThread(() => Context.System).PipeTo(sink, failure: e => e));
        }
    }

    private sealed class Holder(IActorRef sink) : UntypedActor, IDisposable
    {
        public void Dispose() => sink.Tell("dispose");

        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => sink.Tell("stop");
    }

    private sealed class LateParent(IActorRef sink) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop()
        {
            try
            {
                Context.ActorOf<Echo>();
            }
            catch (Exception e)
            {
                sink.Tell(e);
            }
        }
    }
}
