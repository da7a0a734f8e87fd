using Akka.Actor;
using Akka.Event;

namespace Embedded.Tests.Actors;

public sealed class EventStreamTests : ActorSystemTest
{
    [Fact]
    public void A_subscriber_gets_events_of_a_type_and_of_those_derived_from_it()
    {
        Assert.True(Sys.EventStream.Subscribe(Sink, typeof(Animal)));
        Sys.EventStream.Publish(new Animal());
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish("no animal");
        Next<Animal>();
        Next<Dog>();
        ExpectNothing();
    }

    [Fact]
    public void A_subscriber_gets_an_event_once_however_many_subscriptions_fit()
    {
        Sys.EventStream.Subscribe<Animal>(Sink);
        Sys.EventStream.Subscribe<Dog>(Sink);
        Assert.False(Sys.EventStream.Subscribe<Dog>(Sink));
        Sys.EventStream.Publish(new Dog());
        Next<Dog>();
        ExpectNothing();
    }

    [Fact]
    public void A_subscription_can_be_ended()
    {
        Sys.EventStream.Subscribe(Sink, typeof(Animal));
        Assert.True(Sys.EventStream.Unsubscribe(Sink, typeof(Animal)));
        Assert.False(Sys.EventStream.Unsubscribe(Sink, typeof(Animal)));
        Sys.EventStream.Publish(new Animal());
        ExpectNothing();
    }

    [Fact]
    public void All_subscriptions_can_be_ended_at_once()
    {
        Sys.EventStream.Subscribe(Sink, typeof(Animal));
        Sys.EventStream.Subscribe(Sink, typeof(string));
        Sys.EventStream.Unsubscribe(Sink);
        Sys.EventStream.Publish(new Animal());
        Sys.EventStream.Publish("text");
        ExpectNothing();
    }

    [Fact]
    public void A_derived_type_can_be_excepted()
    {
        Sys.EventStream.Subscribe(Sink, typeof(Animal));
        Sys.EventStream.Unsubscribe(Sink, typeof(Dog));
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish(new Animal());
        Assert.IsType<Animal>(Next());
        ExpectNothing();
    }

    [Fact]
    public void A_message_to_an_actor_that_has_ended_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        var actor = Watched(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        actor.Tell("too late", Sink);
        var letter = Next<DeadLetter>();
        Assert.Equal(("too late", actor, Sink), (letter.Message, letter.Recipient, letter.Sender));
    }

    [Fact]
    public void Messages_waiting_in_the_mailbox_of_an_actor_that_ends_are_dead_letters()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Ender()));
        actor.Tell("end");
        actor.Tell("too late");
        Assert.Equal("too late", Next<DeadLetter>().Message);
    }

    [Fact]
    public void A_message_to_a_path_at_which_nobody_lives_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        Sys.ActorSelection("/user/nobody").Tell("hello", Sink);
        var letter = Next<DeadLetter>();
        Assert.Equal("hello", letter.Message);
        Assert.Equal("akka://test/user/nobody", letter.Recipient.Path.ToString());
    }

    [Fact]
    public void What_is_told_to_the_dead_letters_is_one()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        Sys.DeadLetters.Tell("lost", ActorRefs.NoSender);
        var letter = Next<DeadLetter>();
        Assert.Equal(("lost", Sys.DeadLetters), (letter.Message, letter.Sender));
    }

    [Fact]
    public void A_message_that_says_so_is_no_dead_letter()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        Sys.EventStream.Subscribe(Sink, typeof(SuppressedDeadLetter));
        Sys.DeadLetters.Tell(new Unimportant());
        Assert.IsType<Unimportant>(Next<SuppressedDeadLetter>().Message);
        ExpectNothing();
    }

    [Fact]
    public async Task A_late_answer_to_a_question_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(Sink, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Twice()));
        Assert.Equal("first", await actor.Ask<string>("hello", Patience));
        Assert.Equal("second", Next<DeadLetter>().Message);
    }

    private record Animal;

    private sealed record Dog : Animal;

    private sealed record Unimportant : IDeadLetterSuppression;

    private sealed class Ender : ReceiveActor
    {
        public Ender()
        {
            Receive<string>(_ => Context.Stop(Self));
        }
    }

    private sealed class Twice : ReceiveActor
    {
        public Twice()
        {
            ReceiveAny(_ =>
            {
                Sender.Tell("first");
                Sender.Tell("second");
            });
        }
    }
}
