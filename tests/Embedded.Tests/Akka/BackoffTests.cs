using Akka.Actor;
using Akka.Pattern;

namespace Embedded.Tests.Actors;

public sealed class BackoffTests : ActorSystemTest
{
    private static readonly TimeSpan s_min = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_max = TimeSpan.FromMilliseconds(80);

    [Fact]
    public void A_child_that_stops_is_started_again_after_a_pause()
    {
        var supervisor = Supervised(Backoff.OnStop(Talker.Props(Sink), "child", s_min, s_max, 0.0, -1));
        SkipTo("child start");
        ChildOf(supervisor)!.Tell(PoisonPill.Instance);
        SkipTo("child stop");
        SkipTo("child start");
    }

    [Fact]
    public void A_child_whose_constructor_fails_is_tried_again()
    {
        var attempts = new Attempts();
        Supervised(Backoff.OnStop(Props.Create(() => new BrokenAtFirst(attempts, Sink)), "child", s_min, s_max, 0.0,
            -1));
        ExpectInOrder("made at attempt 3");
    }

    [Fact]
    public void Messages_are_passed_on_to_the_child_and_its_own_to_the_parent()
    {
        var supervisor = Supervised(Backoff.OnStop(Props.Create<Echo>(), "child", s_min, s_max, 0.0, -1));
        Assert.Equal("hello", supervisor.Ask("hello", Patience).Result);
    }

    [Fact]
    public void The_supervisor_tells_the_child_and_the_count()
    {
        var supervisor =
            Supervised(Backoff.OnStop(Talker.Props(Sink), "child", s_min, s_max, 0.0, -1).WithManualReset());
        SkipTo("child start");
        var child = ChildOf(supervisor)!;
        Assert.Equal("akka://test/user/supervisor/child", child.Path.ToString());
        Assert.Equal(0, CountOf(supervisor));
        child.Tell(PoisonPill.Instance);
        SkipTo("child start");
        Assert.Equal(1, CountOf(supervisor));
        Assert.NotEqual(child, ChildOf(supervisor));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        Assert.Equal(0, CountOf(supervisor));
    }

    [Fact]
    public void The_count_goes_back_when_the_child_has_lived_long_enough()
    {
        var options = Backoff.OnStop(Talker.Props(Sink), "child", s_min, s_max, 0.0,
            -1).WithAutoReset(TimeSpan.FromMilliseconds(40));
        var supervisor = Supervised(options);
        SkipTo("child start");
        ChildOf(supervisor)!.Tell(PoisonPill.Instance);
        SkipTo("child start");
        Assert.True(SpinWait.SpinUntil(() => CountOf(supervisor) == 0, Patience));
    }

    [Fact]
    public void The_supervisor_ends_after_too_many_starts()
    {
        var supervisor =
            Watched(Supervised(Backoff.OnStop(Props.Create(() => new Short()), "child", s_min, s_max, 0.0, 2)));
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_failing_child_is_stopped_and_started_again_with_the_stopping_strategy()
    {
        var supervisor = Supervised(Backoff.OnStop(Talker.Props(Sink), "child", s_min, s_max, 0.0,
            -1).WithDefaultStoppingStrategy());
        SkipTo("child start");
        supervisor.Tell(new InvalidOperationException());
        ExpectInOrder("child stop", "child made", "child start");
    }

    [Fact]
    public void A_failing_child_is_restarted_at_once_without_it()
    {
        var supervisor = Supervised(Backoff.OnStop(Talker.Props(Sink), "child", s_min, s_max, 0.0, -1));
        SkipTo("child start");
        supervisor.Tell(new InvalidOperationException());
        ExpectInOrder("child pre restart", "child stop", "child made", "child post restart", "child start");
    }

    [Fact]
    public void On_failure_a_restart_comes_after_a_pause()
    {
        var options = Backoff.OnFailure(Talker.Props(Sink), "child", s_min, s_max, 0.0, -1).WithManualReset();
        var supervisor = Supervised(options);
        SkipTo("child start");
        supervisor.Tell(new InvalidOperationException());
        ExpectInOrder("child stop", "child made", "child start");
        Assert.Equal(1, CountOf(supervisor));
    }

    [Fact]
    public void On_failure_a_child_that_stops_by_itself_takes_its_supervisor_along()
    {
        var supervisor = Watched(Supervised(Backoff.OnFailure(Talker.Props(Sink), "child", s_min, s_max, 0.0, -1)));
        SkipTo("child start");
        supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience).Result.Ref
            .Tell(PoisonPill.Instance);
        UntilTerminated(supervisor);
    }

    [Fact]
    public void Whoever_asks_during_a_pause_gets_the_answer_that_was_set()
    {
        var options =
            Backoff.OnStop(Talker.Props(Sink), "child", Patience, Patience, 0.0, -1).WithReplyWhileStopped("stopped");
        var supervisor = Supervised(options);
        SkipTo("child start");
        ChildOf(supervisor)!.Tell(PoisonPill.Instance);
        SkipTo("child stop");
        Assert.True(SpinWait.SpinUntil(() => ChildOf(supervisor) == null, Patience));
        Assert.Equal("stopped", supervisor.Ask("hello", Patience).Result);
    }

    [Fact]
    public void A_child_that_ends_after_the_final_message_takes_its_supervisor_along()
    {
        var options = Backoff.OnStop(Props.Create(() => new Short()), "child", s_min, s_max, 0.0, -1)
            .WithFinalStopMessage(m => m is "end");
        var parent = Watched(Sys.ActorOf(BackoffSupervisor.Props(options)));
        parent.Tell("end");
        ExpectTerminated(parent);
    }

    [Fact]
    public void Nonsensical_options_are_refused()
    {
        Assert.Throws<ArgumentException>(
            () => BackoffSupervisor.Props(Backoff.OnStop(Props.Create<Echo>(), "c", TimeSpan.Zero, s_max, 0.0, -1)));
        Assert.Throws<ArgumentException>(
            () => BackoffSupervisor.Props(Backoff.OnStop(Props.Create<Echo>(), "c", s_max, s_min, 0.0, -1)));
        Assert.Throws<ArgumentException>(
            () => BackoffSupervisor.Props(Backoff.OnStop(Props.Create<Echo>(), "c", s_min, s_max, 2.0, -1)));
    }

    private IActorRef Supervised(BackoffOptions options) => Sys.ActorOf(BackoffSupervisor.Props(options), "supervisor");

    private static IActorRef? ChildOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience).Result.Ref;

    private static int CountOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance,
            Patience).Result.Count;

    private sealed class Attempts
    {
        public int Count { get; set; }
    }

    private sealed class BrokenAtFirst : ReceiveActor
    {
        public BrokenAtFirst(Attempts attempts, IActorRef sink)
        {
            if (++attempts.Count < 3)
                throw new InvalidOperationException();
            sink.Tell($"made at attempt {attempts.Count}");
        }
    }

    private sealed class Short : ReceiveActor
    {
        public Short()
        {
            Self.Tell("end");
            Receive<string>(_ => Context.Stop(Self));
        }
    }
}
