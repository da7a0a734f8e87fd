using System.Collections.Immutable;
using Akka.Persistence;

namespace Flume.Actors;

/// <content>The overrides as Akka.NET since 1.5.42 declares them. A write is not interrupted: it would be half-known.</content>
public sealed partial class OffsetLogJournal
{
    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) => HighestAsync(persistenceId);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => WriteAsync(messages);

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        DeleteAsync(persistenceId, toSequenceNr);
}
