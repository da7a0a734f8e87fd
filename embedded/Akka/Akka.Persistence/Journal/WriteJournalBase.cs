using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Prepares what a journal is to write.</summary>
public abstract class WriteJournalBase : ActorBase
{
    /// <summary>The atomic writes among the envelopes, their events without the senders.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        foreach (var envelope in resequenceables)
        {
            if (envelope is not AtomicWrite write)
                continue;
            var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
            yield return new AtomicWrite(events.Select(e =>
                e.Update(e.SequenceNr, e.PersistenceId, e.IsDeleted, ActorRefs.NoSender,
                    e.WriterGuid)).ToImmutableArray());
        }
    }
}
