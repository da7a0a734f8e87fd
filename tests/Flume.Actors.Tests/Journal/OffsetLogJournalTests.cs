using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Xunit;

namespace Flume.Actors.Tests.Journal;

/// <summary>What Akka's journal TCK asks of a plug-in, asked through persistent actors.</summary>
public sealed class OffsetLogJournalTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("flume-plugin-").FullName;

    public OffsetLogJournalTests()
        : base(FlumeSettings.Parse(
            $"flume.journal.file = \"{Path.Combine(Folder, Guid.NewGuid().ToString("n"))}\"\nakka.loglevel = OFF", "test").Akka)
    {
    }

    [Fact]
    public void What_was_persisted_is_replayed_in_order_with_its_numbers()
    {
        IActorRef writer = Start("p");
        Persist(writer, "one", 1);
        Persist(writer, "two", 2);
        StopAndWait(writer);
        IActorRef next = Start("p", "1 one", "2 two");
        Persist(next, "three", 3);
        StopAndWait(next);
        Start("p", "1 one", "2 two", "3 three");
    }

    [Fact]
    public void Actors_of_other_ids_see_nothing_of_each_other()
    {
        IActorRef first = Start("p"), second = Start("q");
        Persist(first, "mine", 1);
        Persist(second, "yours", 1);
        StopAndWait(first);
        StopAndWait(second);
        Start("p", "1 mine");
        Start("q", "1 yours");
    }

    [Fact]
    public void Events_persisted_together_are_all_there()
    {
        IActorRef writer = Start("p");
        writer.Tell(new[] { "one", "two", "three" });
        for (int number = 1; number <= 3; number++) ExpectMsg((long)number);
        StopAndWait(writer);
        Start("p", "1 one", "2 two", "3 three");
    }

    [Fact]
    public void Deleted_events_are_gone_and_numbers_go_on()
    {
        IActorRef writer = Start("p");
        for (int number = 1; number <= 3; number++) Persist(writer, $"{number}", number);
        writer.Tell(2L);
        ExpectMsg<DeleteMessagesSuccess>();
        StopAndWait(writer);
        IActorRef next = Start("p", "3 3");
        next.Tell(3L);
        ExpectMsg<DeleteMessagesSuccess>();
        StopAndWait(next);
        Persist(Start("p"), "four", 4);
    }

    [Fact]
    public void An_event_of_another_kind_is_rejected_and_the_actor_goes_on()
    {
        IActorRef writer = Start("p");
        writer.Tell(new Uri("http://a.stranger"));
        Assert.Contains("Flume's events", ExpectMsg<Exception>().Message);
        Persist(writer, "one", 2);
    }

    private IActorRef Start(string id, params string[] replayed)
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Writer(id, TestActor)));
        foreach (string one in replayed) ExpectMsg(one);
        ExpectMsg("recovered");
        return actor;
    }

    private void Persist(IActorRef writer, string name, long number)
    {
        writer.Tell(name);
        ExpectMsg(number);
    }

    private void StopAndWait(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    /// <summary>Persists one event for each name, and reports all that it recovers and stores.</summary>
    private sealed class Writer : ReceivePersistentActor
    {
        private readonly IActorRef _listener;

        public Writer(string id, IActorRef listener)
        {
            (PersistenceId, _listener) = (id, listener);
            Recover<OperatorStateChanged>(seen => listener.Tell($"{LastSequenceNr} {seen.View}"));
            Recover<RecoveryCompleted>(_ => listener.Tell("recovered"));
            Command<string>(name => Persist(Event(name), _ => listener.Tell(LastSequenceNr)));
            Command<string[]>(names => PersistAll(names.Select(Event), _ => listener.Tell(LastSequenceNr)));
            Command<Uri>(stranger => Persist(stranger, _ => listener.Tell("stored")));
            Command<long>(DeleteMessages);
            Command<DeleteMessagesSuccess>(listener.Tell);
        }

        public override string PersistenceId { get; }

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _listener.Tell(cause);

        private static OperatorStateChanged Event(string name) => new(name, ViewOperatorState.None);
    }
}
