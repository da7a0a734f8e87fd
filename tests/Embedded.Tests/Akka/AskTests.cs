using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class AskTests : ActorSystemTest
{
    [Fact]
    public async Task No_answer_within_the_timeout_throws() => await Assert.ThrowsAsync<AskTimeoutException>(
        () => Sys.ActorOf<Silent>().Ask<string>("hello", TimeSpan.FromMilliseconds(30)));

    [Fact]
    public async Task A_question_can_be_called_off()
    {
        using var source = new CancellationTokenSource();
        var asked = Sys.ActorOf<Silent>().Ask<string>("hello", source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_question_that_was_called_off_before_is_not_awaited()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Sys.ActorOf<Silent>().Ask<string>("hello", Patience, source.Token));
    }

    [Fact]
    public async Task An_answer_of_another_type_throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Sys.ActorOf<Echo>().Ask<int>("text", Patience));

    [Fact]
    public async Task A_failure_sent_as_answer_is_thrown()
    {
        var failure = new Status.Failure(new TimeoutException("too late"));
        var thrown =
            await Assert.ThrowsAsync<TimeoutException>(() => Sys.ActorOf<Echo>().Ask<string>(failure, Patience));
        Assert.Equal("too late", thrown.Message);
    }

    [Fact]
    public async Task A_failure_is_an_answer_to_who_asks_for_a_status()
    {
        var failure = new Status.Failure(new TimeoutException("too late"));
        Assert.Same(failure, await Sys.ActorOf<Echo>().Ask<Status.Failure>(failure, Patience));
        Assert.Same(failure, await Sys.ActorOf<Echo>().Ask<Status>(failure, Patience));
        await Assert.ThrowsAsync<TimeoutException>(() => Sys.ActorOf<Echo>().Ask(failure, Patience));
    }

    [Fact]
    public async Task The_question_can_name_who_is_to_be_answered()
    {
        var answer = await Sys.ActorOf<Replier>().Ask<string>(me => me, Patience, CancellationToken.None);
        Assert.Equal("to you", answer);
    }

    [Fact]
    public async Task Many_questions_at_once_get_their_own_answers()
    {
        var echo = Sys.ActorOf<Echo>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => echo.Ask<int>(i, Patience)));
        Assert.Equal(Enumerable.Range(0, 1_000), answers);
    }

    [Fact]
    public async Task Forwarding_keeps_the_one_who_asked()
    {
        var echo = Sys.ActorOf<Echo>();
        var relay = Sys.ActorOf(Props.Create(() => new Relay(echo)));
        Assert.Equal("round", await relay.Ask<string>("round", Patience));
    }

    [Fact]
    public void A_result_is_piped_to_an_actor_with_the_sender_given()
    {
        Task.FromResult(7).PipeTo(Sink, sender: Sys.DeadLetters);
        ExpectInOrder(7);
        Assert.Equal(Sys.DeadLetters, LastSender);
    }

    [Fact]
    public void A_failure_is_piped_as_a_status()
    {
        Task.FromException<int>(new TimeoutException()).PipeTo(Sink);
        Assert.IsType<TimeoutException>(Next<Status.Failure>().Cause);
        Task.FromException(new TimeoutException()).PipeTo(Sink, failure: e => e.GetType().Name);
        ExpectInOrder("TimeoutException");
    }

    [Fact]
    public void A_result_can_be_turned_into_a_message()
    {
        Task.FromResult(7).PipeTo(Sink, success: n => "got " + n);
        ExpectInOrder("got 7");
        Task.CompletedTask.PipeTo(Sink, success: () => "done");
        ExpectInOrder("done");
        new ValueTask<int>(8).PipeTo(Sink);
        ExpectInOrder(8);
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Replier : ReceiveActor
    {
        public Replier()
        {
            Receive<IActorRef>(who => who.Tell("to you"));
        }
    }

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef next)
        {
            ReceiveAny(m => next.Forward(m));
        }
    }
}
