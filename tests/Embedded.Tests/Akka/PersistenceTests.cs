using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Embedded.Tests.Actors;

public sealed class PersistenceTests() : ActorSystemTest($$"""
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    picky { class = "{{typeof(PickyJournal).AssemblyQualifiedName}}" }
    """)
{
    [Fact]
    public void Events_are_replayed_in_order_to_the_next_incarnation()
    {
        var first = Watched(Account("a"));
        foreach (var n in new[] { 1, 2, 3 })
            first.Tell(n);
        SkipTo("stored 3 at 3");
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);
        Account("a").Tell("state");
        ExpectInOrder("recovered 1,2,3 at 3", "1,2,3");
    }

    [Fact]
    public void A_handler_is_called_when_the_event_is_stored_with_the_sender_of_the_command()
    {
        Account("a").Tell(1, Sys.DeadLetters);
        ExpectInOrder("recovered  at 0", "stored 1 at 1");
        var other = Sys.ActorOf<Echo>();
        Account("b").Tell("sender", other);
        SkipTo(other);
    }

    [Fact]
    public void Commands_wait_until_the_events_of_the_one_before_are_handled()
    {
        var actor = Account("a");
        actor.Tell(new[] { 1, 2 });
        actor.Tell("state");
        ExpectInOrder("recovered  at 0", "stored 1 at 1", "stored 2 at 2", "1,2");
    }

    [Fact]
    public void Commands_do_not_wait_for_what_is_persisted_asynchronously()
    {
        using var go = new ManualResetEventSlim();
        PickyJournal.Gate = go;
        var actor = Sys.ActorOf(Props.Create(() => new Account("async", Sink, "picky")));
        actor.Tell(("async", 1));
        actor.Tell("state");
        ExpectInOrder("recovered  at 0", "");
        go.Set();
        ExpectInOrder("stored 1 at 1");
        PickyJournal.Gate = null;
    }

    [Fact]
    public void Deferred_work_comes_after_the_events_before_it()
    {
        var actor = Account("a");
        actor.Tell(("defer", 1));
        ExpectInOrder("recovered  at 0", "stored 1 at 1", "deferred 1");
    }

    [Fact]
    public void An_asynchronous_command_can_persist_after_an_await()
    {
        var actor = Account("a");
        actor.Tell(TimeSpan.FromMilliseconds(20));
        actor.Tell("state");
        ExpectInOrder("recovered  at 0", "stored 20 at 1", "20");
    }

    [Fact]
    public void A_handler_can_persist_further_events()
    {
        var actor = Account("a");
        actor.Tell(("chain", 1));
        actor.Tell("state");
        ExpectInOrder("recovered  at 0", "stored 1 at 1", "stored 2 at 2", "1,2");
    }

    [Fact]
    public void A_failing_actor_is_recovered_from_its_events()
    {
        var actor = Account("a");
        actor.Tell(1);
        actor.Tell(new InvalidOperationException());
        actor.Tell("state");
        ExpectInOrder("recovered  at 0", "stored 1 at 1", "recovered 1 at 1", "1");
    }

    [Fact]
    public void Recovery_starts_at_the_latest_snapshot()
    {
        var first = Watched(Account("a"));
        first.Tell(1);
        first.Tell("snapshot");
        SkipTo("snapshot saved at 1");
        first.Tell(2);
        SkipTo("stored 2 at 2");
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);
        Account("a");
        ExpectInOrder("offered 1 at 1", "recovered 1,2 at 2");
    }

    [Fact]
    public void Deleted_events_are_not_replayed_and_their_numbers_not_used_again()
    {
        var first = Watched(Account("a"));
        foreach (var n in new[] { 1, 2 })
            first.Tell(n);
        SkipTo("stored 2 at 2");
        first.Tell("delete");
        SkipTo("deleted to 2");
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);
        Account("a").Tell(3);
        ExpectInOrder("recovered  at 2", "stored 3 at 3");
    }

    [Fact]
    public void A_rejected_event_is_told_and_the_actor_goes_on()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Account("rejected", Sink, "picky")));
        actor.Tell(-1);
        actor.Tell(2);
        ExpectInOrder("recovered  at 0", "rejected -1: no negatives", "stored 2 at 2");
    }

    [Fact]
    public void A_write_that_fails_is_told_and_the_actor_ends()
    {
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Account("failed", Sink, "picky"))));
        actor.Tell(0);
        ExpectInOrder("recovered  at 0", "failed 0: no zero");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_recovery_that_fails_is_told_and_the_actor_ends()
    {
        var actor = Watched(Sys.ActorOf(Props.Create(() => new Account("unreadable", Sink, "picky"))));
        ExpectInOrder("recovery failed: unreadable");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Commands_that_come_during_recovery_wait_for_its_end()
    {
        var actor = Account("a");
        for (var i = 1; i <= 20; i++)
            actor.Tell(i);
        actor.Tell("state");
        ExpectInOrder("recovered  at 0");
        SkipTo(string.Join(",", Enumerable.Range(1, 20)));
    }

    [Fact]
    public void An_actor_can_stash_beside_persisting()
    {
        var actor = Account("a");
        foreach (var message in new object[] { "stash", 1, "unstash", 2 })
            actor.Tell(message);
        ExpectInOrder("recovered  at 0", "stored 1 at 1", "unstashed stash", "stored 2 at 2");
    }

    [Fact]
    public void Many_actors_recover_at_once()
    {
        foreach (var i in Enumerable.Range(0, 120))
            Account("many" + i);
        for (var i = 0; i < 120; i++)
            Assert.Equal("recovered  at 0", Next());
    }

    [Fact]
    public void Atomic_writes_know_their_events()
    {
        var events =
            ImmutableList.Create<IPersistentRepresentation>(new Persistent("a", 3, "id"), new Persistent("b", 4, "id"));
        var write = new AtomicWrite(events);
        Assert.Equal(("id", 3, 4, 2),
            (write.PersistenceId, write.LowestSequenceNr, write.HighestSequenceNr, write.Size));
        Assert.Equal(events, (IEnumerable<IPersistentRepresentation>)write.Payload);
        Assert.ThrowsAny<ArgumentException>(() => new AtomicWrite(events.Add(new Persistent("c", 5, "other"))));
        Assert.Equal("c", events[0].WithPayload("c").Payload);
    }

    private IActorRef Account(string id) => Sys.ActorOf(Props.Create(() => new Account(id, Sink, null)));
}
