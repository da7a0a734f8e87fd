using System.Collections.Immutable;
using Akka.Persistence;

namespace Embedded.Tests.Actors;

/// <content>The overrides as Akka.NET 1.5.30 to 1.5.41, and the embedded stand-in, declare them.</content>
public sealed partial class PickyJournal
{
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr) => Highest(persistenceId);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages) => Write(messages);

    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr) => Task.CompletedTask;
}
