using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Embedded.Tests.Actors;

/// <summary>Keeps nothing. Rejects negative numbers, fails at zero, waits at a gate, and can not read one id.</summary>
public sealed partial class PickyJournal : AsyncWriteJournal
{
    public static ManualResetEventSlim? Gate { get; set; }

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr,
        long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) => Task.CompletedTask;

    private static Task<long> Highest(string persistenceId) => persistenceId == "unreadable"
        ? Task.FromException<long>(new IOException("unreadable"))
        : Task.FromResult(0L);

    private static async Task<IImmutableList<Exception>> Write(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        if (Gate is { } gate)
            await Task.Run(gate.Wait);
        var numbers = writes.Select(w => (int)((IEnumerable<IPersistentRepresentation>)w.Payload).First().Payload).ToList();
        if (numbers.Contains(0))
            throw new IOException("no zero");
        return numbers.Select(n => n < 0 ? new ArgumentException("no negatives") : null!).ToImmutableList<Exception>();
    }
}
