using Akka.Actor;
using Akka.TestKit.TestActors;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors.Tests.Identities;

public sealed class DeadLetterResponderTests : ActorTest
{
    private readonly IActorRef _stopped;

    public DeadLetterResponderTests()
    {
        IActorRef responder = Sys.ActorOf(Props.Create(() => new DeadLetterResponder()));
        responder.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>(Patience); // it has subscribed
        _stopped = Sys.ActorOf(BlackHoleActor.Props, "stopped");
        Stop(_stopped);
    }

    public static TheoryData<string> Questions => new(Messages.Keys);

    private static Dictionary<string, object> Messages { get; } = new object[]
    {
        new ToIdentity("alice", new Activate()), new Activate(), new Append([], Durability.Os), new Delete(Offset.Zero),
        new Reopen(), new GetLogStatus(), new GetStatus(), new AwaitSince("alpha", Offset.Zero, DateTimeOffset.MaxValue),
        new Resume("alpha"), new Undefine("alpha"),
    }.ToDictionary(message => message.GetType().Name);

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_caller_whose_message_reached_a_stopped_actor_gets_to_know_that_nothing_was_done(string question)
    {
        _stopped.Tell(Messages[question]);
        NotActivated answer = ExpectMsg<NotActivated>(Patience);
        Assert.StartsWith($"{question} was not processed", answer.Text, StringComparison.Ordinal);
        Assert.Contains("/user/stopped has stopped. Nothing was done.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_comes_too_late_is_answered_by_nothing()
    {
        _stopped.Tell(new Drained());
        _stopped.Tell(new HeadAdvanced(Offset.Zero, 1));
        _stopped.Tell(new Activate());
        Assert.StartsWith("Activate", ExpectMsg<NotActivated>(Patience).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_took_effect_is_answered_as_done_and_not_stored()
    {
        var done = new ViewOutcome("alpha", IsAccepted: true, "is paused");
        _stopped.Tell(new PersistOperatorState("alpha", ViewOperatorState.None, done));
        ViewOutcome answer = ExpectMsg<ViewOutcome>(Patience);
        Assert.Equal((true, false), (answer.IsAccepted, answer.IsStored));
        Assert.StartsWith("is paused", answer.Text, StringComparison.Ordinal);
        _stopped.Tell(new PersistOperatorState("alpha", ViewOperatorState.None, null));
        _stopped.Tell(new Activate());
        ExpectMsg<NotActivated>(Patience);
    }

    [Fact]
    public void A_definition_that_no_journal_took_is_not_stored()
    {
        _stopped.Tell(new StoreDefinition("alpha", ViewDefinition.Client("alpha", 1)));
        Assert.Equal("alpha", ExpectMsg<StoreFailed>(Patience).View);
    }
}
