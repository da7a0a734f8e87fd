using Akka.Actor;
using Flume.Actors.Tests.Journal;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors.Tests.ClientViews;

public sealed class DefinitionsActorTests : ActorTest
{
    private static readonly ViewDefinition First = ViewDefinition.Client("counted", 1);

    [Fact]
    public void A_definition_that_was_answered_is_there_after_a_restart_and_the_last_of_its_name_counts()
    {
        IActorRef actor = Start();
        Store(actor, "counted", First);
        Store(actor, "posts", RegisteredRig.Posts);
        ViewDefinition second = ViewDefinition.Client("counted", 2);
        Store(actor, "counted", second);
        Stop(actor);
        Assert.Equal([second, RegisteredRig.Posts], Definitions(Start()));
    }

    [Fact]
    public void A_removed_definition_does_not_come_back()
    {
        IActorRef actor = Start();
        Store(actor, "counted", First);
        Store(actor, "counted", null);
        Assert.Empty(Definitions(actor));
        Stop(actor);
        Assert.Empty(Definitions(Start()));
    }

    [Fact]
    public void Identities_do_not_see_the_definitions_of_each_other()
    {
        Store(Start(), "counted", First);
        Assert.Empty(Definitions(Start("bob")));
    }

    private IActorRef Start(string identity = "alice") =>
        Sys.ActorOf(Props.Create(() => new DefinitionsActor(identity)));

    private void Store(IActorRef actor, string view, ViewDefinition? definition)
    {
        actor.Tell(new StoreDefinition(view, definition));
        Assert.Equal(new Stored(view, definition), ExpectMsg<Stored>(Patience));
    }

    private IEnumerable<ViewDefinition> Definitions(IActorRef actor)
    {
        actor.Tell(new GetDefinitions());
        return ExpectMsg<Definitions>(Patience).All.OrderBy(definition => definition.Name, StringComparer.Ordinal);
    }
}

/// <summary>The same actor above a journal that fails.</summary>
public sealed class DefinitionsActorOnAFullDiskTests() : ActorTest(FailingJournal.Hocon)
{
    [Fact]
    public void A_definition_that_the_journal_did_not_store_is_refused_with_the_cause()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new DefinitionsActor("full-disk")));
        FailingJournal.FailFor("flume-definitions-full-disk");
        actor.Tell(new StoreDefinition("counted", ViewDefinition.Client("counted", 1)));
        StoreFailed failed = ExpectMsg<StoreFailed>(Patience);
        Assert.Equal("counted", failed.View);
        Assert.Contains("No space left on device", failed.Text, StringComparison.Ordinal);
    }
}
