using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class SchedulerTests : ActorSystemTest
{
    [Fact]
    public void A_message_is_sent_after_the_delay_and_not_before()
    {
        var start = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(60), Sink, "late", Sys.DeadLetters);
        ExpectInOrder("late");
        Assert.True(Sys.Scheduler.MonotonicClock - start >= TimeSpan.FromMilliseconds(50));
        Assert.Equal(Sys.DeadLetters, LastSender);
    }

    [Fact]
    public void Messages_are_sent_in_the_order_in_which_they_are_due()
    {
        Sys.Scheduler.ScheduleTellOnce(120, Sink, "third", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(20, Sink, "first", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(70, Sink, "second", ActorRefs.NoSender);
        ExpectInOrder("first", "second", "third");
    }

    [Fact]
    public void What_is_cancelled_is_not_sent()
    {
        var cancelled = Sys.Scheduler.ScheduleTellOnceCancelable(20, Sink, "never", ActorRefs.NoSender);
        cancelled.Cancel();
        Assert.True(cancelled.IsCancellationRequested);
        Sys.Scheduler.ScheduleTellOnce(60, Sink, "later", ActorRefs.NoSender);
        ExpectInOrder("later");
    }

    [Fact]
    public void A_repeated_message_comes_until_it_is_cancelled()
    {
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(5, 10, Sink, "again", ActorRefs.NoSender);
        ExpectInOrder("again", "again", "again");
        repeated.Cancel();
        Sys.Scheduler.ScheduleTellOnce(60, Sink, "end", ActorRefs.NoSender);
        SkipTo("end");
        ExpectNothing();
    }

    [Fact]
    public void An_action_is_run()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(5), () => Sink.Tell("run"));
        ExpectInOrder("run");
        using var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(5), () =>
            Sink.Tell("rerun"), cancelable);
        ExpectInOrder("rerun", "rerun");
        cancelable.Cancel();
    }

    [Fact]
    public void An_action_that_fails_does_not_end_the_scheduler()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidOperationException());
        Sys.Scheduler.ScheduleTellOnce(30, Sink, "alive", ActorRefs.NoSender);
        ExpectInOrder("alive");
    }

    [Fact]
    public void A_cancelable_cancels_its_token_and_after_a_time_itself()
    {
        using var cancelable = new Cancelable(Sys.Scheduler);
        var token = cancelable.Token;
        Assert.False(token.IsCancellationRequested);
        cancelable.CancelAfter(10);
        Assert.True(token.WaitHandle.WaitOne(Patience));
        Assert.True(cancelable.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().IsCancellationRequested);
    }

    [Fact]
    public void A_negative_delay_and_an_interval_of_zero_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-1), Sink, "x", ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, Sink, "x", ActorRefs.NoSender));
    }

    [Fact]
    public void Entries_that_are_cancelled_among_others_leave_the_order_as_it_is()
    {
        var cancelled = new List<ICancelable>();
        for (var i = 0; i < 4_000; i++)
            cancelled.Add(Sys.Scheduler.ScheduleTellOnceCancelable(3_600_000 - (i * 7 % 1_000), Sink, "never", Sink));
        for (var i = 0; i < 20; i++)
            Sys.Scheduler.ScheduleTellOnce(50 + (15 * i), Sink, i, ActorRefs.NoSender);
        cancelled.ForEach(c => c.Cancel());
        ExpectInOrder(Enumerable.Range(0, 20).Cast<object>().ToArray());
    }
}
