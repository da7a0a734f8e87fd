using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Reads a journal's events back.</summary>
public interface IAsyncRecovery
{
    /// <summary>Gives events to the callback in the order of their numbers; completes after the last one.</summary>
    /// <param name="context">The journal's context. Valid in the synchronous part only.</param>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="fromSequenceNr">Inclusive.</param>
    /// <param name="toSequenceNr">Inclusive.</param>
    /// <param name="max">Number of events at most.</param>
    /// <param name="recoveryCallback">Takes the events, deleted ones too.</param>
    Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest number that was ever used, also if its event was deleted; 0 if none was.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}
