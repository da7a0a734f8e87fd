using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Flume.Actors;
using Xunit;

namespace Flume.Tests.Actors.Journal;

/// <summary>What Akka's journal TCK asks of a plug-in, over the actors that use it.</summary>
public sealed class OffsetLogJournalTests : TestKit
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("flume-plugin-").FullName;

    private readonly IActorRef _journal;

    public OffsetLogJournalTests()
        : base(FlumeSettings.Parse(
            $"flume.journal.file = \"{Path.Combine(Folder, Guid.NewGuid().ToString("n"))}\"\nakka.loglevel = OFF", "test").Akka) =>
        _journal = Persistence.Instance.Apply(Sys).JournalFor("flume.journal");

    [Fact]
    public void What_was_written_is_replayed_in_order_with_its_numbers()
    {
        Write("p", 1, 5);
        Assert.Equal([1L, 2, 3, 4, 5], Replay("p", 1, long.MaxValue, long.MaxValue));
        Assert.Equal([3L, 4], Replay("p", 3, 4, long.MaxValue));
        Assert.Equal([2L], Replay("p", 2, 4, 1));
        Assert.Empty(Replay("p", 6, long.MaxValue, long.MaxValue));
        Assert.Empty(Replay("q", 1, long.MaxValue, long.MaxValue));
        Assert.Empty(Replay("p", 1, long.MaxValue, 0));
    }

    [Fact]
    public void The_highest_number_is_told_also_when_all_events_are_deleted()
    {
        Write("p", 1, 3);
        _journal.Tell(new DeleteMessagesTo("p", 3, TestActor));
        ExpectMsg<DeleteMessagesSuccess>();
        Replay("p", 1, long.MaxValue, long.MaxValue, highest: 3);
    }

    [Fact]
    public void Deleting_up_to_a_number_keeps_what_is_above_it()
    {
        Write("p", 1, 5);
        _journal.Tell(new DeleteMessagesTo("p", 3, TestActor));
        ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal([4L, 5], Replay("p", 1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public void An_event_of_another_kind_is_rejected_and_those_beside_it_are_stored()
    {
        AtomicWrite[] writes = [Atomic("p", 1, Event(1)), Atomic("p", 2, "a stranger")];
        _journal.Tell(new WriteMessages(writes, TestActor, 1));
        ExpectMsg<WriteMessagesSuccessful>();
        ExpectMsg<WriteMessageSuccess>(success => Assert.Equal(1, success.Persistent.SequenceNr));
        ExpectMsg<WriteMessageRejected>(rejected => Assert.Contains("Flume's own events", rejected.Cause.Message));
    }

    [Fact]
    public void A_number_that_is_taken_fails_the_write()
    {
        Write("p", 1, 1);
        _journal.Tell(new WriteMessages([Atomic("p", 1, Event(1))], TestActor, 1));
        ExpectMsg<WriteMessagesFailed>();
        ExpectMsg<WriteMessageFailure>();
    }

    private void Write(string id, int first, int last)
    {
        IPersistentEnvelope[] writes =
            [.. Enumerable.Range(first, last - first + 1).Select(number => Atomic(id, number, Event(number)))];
        _journal.Tell(new WriteMessages(writes, TestActor, 1));
        ExpectMsg<WriteMessagesSuccessful>();
        for (int number = first; number <= last; number++) ExpectMsg<WriteMessageSuccess>();
    }

    private List<long> Replay(string id, long from, long to, long max, long? highest = null)
    {
        _journal.Tell(new ReplayMessages(from, to, max, id, TestActor));
        var numbers = new List<long>();
        object told;
        for (told = ExpectMsg<object>(); told is ReplayedMessage replayed; told = ExpectMsg<object>())
        {
            numbers.Add(replayed.Persistent.SequenceNr);
            Assert.Equal(Event((int)replayed.Persistent.SequenceNr), replayed.Persistent.Payload);
        }

        long known = Assert.IsType<RecoverySuccess>(told).HighestSequenceNr;
        if (highest is not null) Assert.Equal(highest, known);
        return numbers;
    }

    private static ViewRemembered Event(int number) => new($"view{number}", ViewMemory.None);

    private static AtomicWrite Atomic(string id, long number, object @event) => new(new Persistent(@event, number, id));
}
