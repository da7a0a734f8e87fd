using System.Collections.Immutable;
using Akka.Persistence;

namespace Embedded.Tests.Actors;

/// <content>The overrides as Akka.NET 1.5.42 and later declare them.</content>
public sealed partial class PickyJournal
{
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) => Highest(persistenceId);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => Write(messages);

    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Task.CompletedTask;
}
