using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class AsyncTests : ActorSystemTest
{
    [Fact]
    public void The_next_message_waits_for_the_end_of_asynchronous_work()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(Sink)));
        var go = new TaskCompletionSource();
        actor.Tell(go.Task);
        actor.Tell("next");
        SkipTo("begin");
        ExpectNothing();
        go.SetResult();
        ExpectInOrder("end", "next");
    }

    [Fact]
    public async Task Sender_and_self_are_those_of_the_message_after_an_await()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(Sink)));
        Assert.Equal(actor, await actor.Ask<IActorRef>("who", Patience));
    }

    [Fact]
    public void A_failure_after_an_await_restarts_the_actor_with_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(Sink)));
        actor.Tell(new TimeoutException());
        actor.Tell("next");
        ExpectInOrder(("TimeoutException", "TimeoutException"), "next");
    }

    [Fact]
    public void A_failure_before_the_first_await_is_a_failure_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(Sink)));
        actor.Tell(new ArgumentException());
        actor.Tell("next");
        ExpectInOrder(("ArgumentException", "ArgumentException"), "next");
    }

    [Fact]
    public void An_actor_can_be_stopped_while_it_awaits()
    {
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Worker(Sink))));
        var go = new TaskCompletionSource();
        actor.Tell(go.Task);
        SkipTo("begin");
        Sys.Stop(actor);
        ExpectTerminated(actor);
        go.SetResult();
        ExpectNothing();
    }

    [Fact]
    public void Children_that_fail_while_their_parent_awaits_are_dealt_with_afterwards()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(Sink)));
        var go = new TaskCompletionSource();
        actor.Tell("child");
        SkipTo("child made");
        actor.Tell(go.Task);
        SkipTo("child start");
        Sys.ActorSelection(actor.Path / "child").Tell(new InvalidOperationException());
        go.SetResult();
        SkipTo("child post restart");
    }

    [Fact]
    public void Many_awaits_in_a_row_keep_the_order_of_messages()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Counter(Sink)));
        for (var i = 0; i < 200; i++)
            actor.Tell(i);
        ExpectInOrder(Enumerable.Range(0, 200).Cast<object>().ToArray());
    }

    private sealed class Worker : ReceiveActor
    {
        private readonly IActorRef _sink;

        public Worker(IActorRef sink)
        {
            _sink = sink;
            ReceiveAsync<Task>(async task =>
            {
                sink.Tell("begin");
                await task;
                sink.Tell("end");
            });
            ReceiveAsync<string>(m => m == "who", async _ =>
            {
                await Task.Delay(5);
                Sender.Tell(Self);
            });
            ReceiveAsync<ArgumentException>(e => throw e);
            ReceiveAsync<TimeoutException>(async e =>
            {
                await Task.Yield();
                throw e;
            });
            Receive<string>(m => m == "child", _ => Context.ActorOf(Talker.Props(sink), "child"));
            Receive<string>(m => sink.Tell(m));
        }

        protected override void PreRestart(Exception reason, object message) =>
            _sink.Tell((reason.GetType().Name, message.GetType().Name));
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter(IActorRef sink)
        {
            ReceiveAsync<int>(async n =>
            {
                for (var i = 0; i < 3; i++)
                    await Task.Yield();
                sink.Tell(n);
            });
        }
    }
}
