using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Flume.Actors.Tests.Journal;

/// <summary>A journal in memory that fails the writes of chosen persistent actors.</summary>
public sealed class FailingJournal : MemoryJournal
{
    /// <summary>Makes it the journal of an actor system.</summary>
    internal const string Hocon = """
        akka.persistence.journal.plugin = "failing-journal"
        failing-journal {
          class = "Flume.Actors.Tests.Journal.FailingJournal, Flume.Actors.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """;

    private static readonly ConcurrentDictionary<string, bool> Failing = new(StringComparer.Ordinal);

    /// <summary>Makes the next writes of a persistence id fail.</summary>
    internal static void FailFor(string persistenceId) => Failing[persistenceId] = true;

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        AtomicWrite[] writes = [.. messages];
        return writes.Any(write => Failing.ContainsKey(write.PersistenceId))
            ? Task.FromException<IImmutableList<Exception>>(new IOException("No space left on device."))
            : base.WriteMessagesAsync(writes, cancellationToken);
    }
}
