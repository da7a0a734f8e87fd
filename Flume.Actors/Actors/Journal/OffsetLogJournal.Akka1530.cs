using System.Collections.Immutable;
using Akka.Persistence;

namespace Flume.Actors;

/// <content>The overrides as Akka.NET 1.5.30 to 1.5.41, and the embedded stand-in, declare them.</content>
public sealed partial class OffsetLogJournal
{
    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        HighestAsync(persistenceId);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
        WriteAsync(messages);

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        DeleteAsync(persistenceId, toSequenceNr);
}
