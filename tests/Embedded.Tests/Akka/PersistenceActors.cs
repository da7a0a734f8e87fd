using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Embedded.Tests.Actors;

/// <summary>Stores the numbers it is told and reports each step.</summary>
public sealed class Account : ReceivePersistentActor
{
    private readonly IActorRef _sink;
    private List<int> _numbers = [];
    private bool _stashed;

    public Account(string id, IActorRef sink, string? journal)
    {
        PersistenceId = id;
        JournalPluginId = journal;
        _sink = sink;
        Recover<int>(n => _numbers.Add(n));
        Recover<SnapshotOffer>(offer =>
        {
            _numbers = [.. (int[])offer.Snapshot];
            _sink.Tell($"offered {Text} at {offer.Metadata.SequenceNr}");
        });
        Recover<RecoveryCompleted>(_ => _sink.Tell($"recovered {Text} at {LastSequenceNr}"));
        ListStoring();
        Command<Exception>(e => throw e);
        Command<SaveSnapshotSuccess>(s => _sink.Tell($"snapshot saved at {s.Metadata.SequenceNr}"));
        Command<DeleteMessagesSuccess>(d => _sink.Tell($"deleted to {d.ToSequenceNr}"));
        Command<string>(ReceiveWord);
    }

    public override string PersistenceId { get; }

    private string Text => string.Join(",", _numbers);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _sink.Tell($"rejected {@event}: {cause.Message}");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _sink.Tell($"failed {@event}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _sink.Tell($"recovery failed: {reason.Message}");

    private void ListStoring()
    {
        Command<int>(n => Persist(n, Handle));
        Command<int[]>(all => PersistAll(all, Handle));
        CommandAsync<TimeSpan>(async delay =>
        {
            await Task.Delay(delay);
            Persist((int)delay.TotalMilliseconds, Handle);
        });
        Command<(string How, int Number)>(m =>
        {
            if (m.How == "async")
                PersistAsync(m.Number, Handle);
            if (m.How == "defer")
            {
                PersistAsync(m.Number, Handle);
                DeferAsync(m.Number, n => _sink.Tell($"deferred {n}"));
            }
            if (m.How == "chain")
                Persist(m.Number, n =>
                {
                    Handle(n);
                    Persist(n + 1, Handle);
                });
        });
    }

    private void ReceiveWord(string word)
    {
        switch (word)
        {
            case "state":
                _sink.Tell(Text);
                break;
            case "sender":
                Persist(1, _ => _sink.Tell(Sender));
                break;
            case "snapshot":
                SaveSnapshot(_numbers.ToArray());
                break;
            case "delete":
                DeleteMessages(LastSequenceNr);
                break;
            case "stash" when !_stashed:
                _stashed = true;
                Stash.Stash();
                break;
            case "unstash":
                Stash.UnstashAll();
                break;
            default:
                _sink.Tell("unstashed " + word);
                break;
        }
    }

    private void Handle(int number)
    {
        _numbers.Add(number);
        _sink.Tell($"stored {number} at {LastSequenceNr}");
    }
}
