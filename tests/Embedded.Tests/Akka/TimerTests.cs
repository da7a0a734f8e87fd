using Akka.Actor;
using Akka.TestKit;

namespace Embedded.Tests.Actors;

public sealed class TimerTests()
    : ActorSystemTest("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
{
    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_single_timer_sends_its_message_once()
    {
        var actor = Started();
        Do(actor, t => t.StartSingleTimer("key", "ring", TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromMilliseconds(999));
        ExpectNothingFrom(actor);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        ExpectInOrder("ring");
        Time.Advance(TimeSpan.FromSeconds(5));
        ExpectNothingFrom(actor);
    }

    [Fact]
    public void A_periodic_timer_sends_its_message_again_and_again()
    {
        var actor = Started();
        Do(actor, t => t.StartPeriodicTimer("key", "ring", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(3));
        ExpectInOrder("ring");
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            ExpectInOrder("ring");
        }
    }

    [Fact]
    public void A_timer_that_is_cancelled_sends_nothing_even_if_its_message_lies_in_the_mailbox()
    {
        var actor = Started();
        Do(actor, t => t.StartSingleTimer("key", "ring", TimeSpan.FromSeconds(1)));
        Do(actor, t =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            t.Cancel("key");
        });
        ExpectNothingFrom(actor);
    }

    [Fact]
    public void A_timer_of_the_same_key_replaces_the_one_before()
    {
        var actor = Started();
        Do(actor, t =>
        {
            t.StartSingleTimer("key", "first", TimeSpan.FromSeconds(1));
            t.StartSingleTimer("key", "second", TimeSpan.FromSeconds(2));
        });
        Time.Advance(TimeSpan.FromSeconds(2));
        ExpectInOrder("second");
        ExpectNothingFrom(actor);
    }

    [Fact]
    public void Timers_know_which_of_them_are_active()
    {
        var actor = Started();
        Do(actor, t =>
        {
            t.StartSingleTimer("a", "ring", TimeSpan.FromSeconds(1));
            t.StartPeriodicTimer("b", "ring", TimeSpan.FromSeconds(1));
            Sink.Tell((t.IsTimerActive("a"), t.IsTimerActive("b"), t.IsTimerActive("c"), t.ActiveTimers.Count));
            t.CancelAll();
            Sink.Tell((t.IsTimerActive("a"), t.ActiveTimers.Count));
        });
        ExpectInOrder((true, true, false, 2), (false, 0));
    }

    [Fact]
    public void Timers_end_with_the_incarnation_that_started_them()
    {
        var actor = Started();
        Do(actor, t => t.StartPeriodicTimer("key", "ring", TimeSpan.FromSeconds(1)));
        actor.Tell(new InvalidOperationException());
        ExpectNothingFrom(actor);
        Time.Advance(TimeSpan.FromSeconds(10));
        ExpectNothingFrom(actor);
    }

    [Fact]
    public void A_message_of_an_old_incarnation_is_dropped()
    {
        var actor = Started();
        Do(actor, t => t.StartSingleTimer("key", "old", TimeSpan.FromSeconds(1)));
        actor.Tell((Action<ITimerScheduler>)(_ =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            throw new InvalidOperationException();
        }));
        Do(actor, t => t.StartSingleTimer("key", "new", TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectInOrder("new");
    }

    [Fact]
    public void A_timer_can_end_its_actor()
    {
        var actor = Watched(Started());
        Do(actor, t => t.StartSingleTimer("key", PoisonPill.Instance, TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectTerminated(actor);
    }

    [Fact]
    public void The_receive_timeout_comes_when_no_message_did()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Sleeper(Sink)));
        actor.Ask("wake", Patience).Wait();
        Time.Advance(TimeSpan.FromSeconds(9));
        actor.Ask("wake", Patience).Wait();
        Time.Advance(TimeSpan.FromSeconds(9));
        actor.Ask("wake", Patience).Wait();
        ExpectNothing();
        Time.Advance(TimeSpan.FromSeconds(10));
        ExpectInOrder("timeout");
    }

    [Fact]
    public void A_message_can_leave_the_receive_timeout_as_it_is()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Sleeper(Sink)));
        actor.Ask("wake", Patience).Wait();
        Time.Advance(TimeSpan.FromSeconds(9));
        actor.Ask(new Quiet(), Patience).Wait();
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectInOrder("timeout");
    }

    [Fact]
    public void The_receive_timeout_can_be_ended()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Sleeper(Sink)));
        actor.Ask("stop", Patience).Wait();
        Time.Advance(TimeSpan.FromHours(1));
        actor.Ask("stop", Patience).Wait();
        ExpectNothing();
    }

    private IActorRef Started() => Sys.ActorOf(Props.Create(() => new Clock(Sink)));

    private static void Do(IActorRef actor, Action<ITimerScheduler> action) => actor.Ask(action, Patience).Wait();

    private void ExpectNothingFrom(IActorRef actor)
    {
        Do(actor, _ => { });
        ExpectNothing();
    }

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    private sealed class Clock : ReceiveActor, IWithTimers
    {
        public Clock(IActorRef sink)
        {
            Receive<Action<ITimerScheduler>>(action =>
            {
                action(Timers);
                Sender.Tell("done");
            });
            Receive<Exception>(e => throw e);
            Receive<string>(m => sink.Tell(m));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Sleeper : ReceiveActor
    {
        public Sleeper(IActorRef sink)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(10));
            Receive<ReceiveTimeout>(_ => sink.Tell("timeout"));
            Receive<string>(m =>
            {
                if (m == "stop")
                    SetReceiveTimeout(null);
                Sender.Tell(m);
            });
            Receive<Quiet>(m => Sender.Tell(m));
        }
    }
}
