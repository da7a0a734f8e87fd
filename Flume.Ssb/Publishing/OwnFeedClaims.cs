using Flume.Ssb.Api;

namespace Flume.Ssb.Publishing;

/// <summary>The newest own sequence that peers announced. Publishing waits until the log has it.</summary>
/// <remarks>
/// Peers can have more own messages than the log after a restore, or if another program uses the same key.
/// </remarks>
internal sealed class OwnFeedClaims
{
    private long _claimed;

    /// <summary>The newest own sequence that a peer announced; 0 for none.</summary>
    internal long Claimed => Volatile.Read(ref _claimed);

    /// <summary>Records an announced own sequence.</summary>
    internal void Claim(long sequence)
    {
        long known = Claimed;
        while (sequence > known)
        {
            long before = Interlocked.CompareExchange(ref _claimed, sequence, known);
            if (before == known) return;
            known = before;
        }
    }

    /// <summary>
    /// Discards all announcements, after an operator confirmed that the log has the newest own message.
    /// </summary>
    internal void Forget() => Volatile.Write(ref _claimed, 0);

    /// <summary>Refuses to publish while a peer announces more than the log has.</summary>
    /// <exception cref="ApiException">Publishing could reuse a sequence.</exception>
    internal void ThrowIfBehind(string name, long newest)
    {
        long known = Claimed;
        if (known <= newest) return;
        throw ApiException.Error(
            $"own feed is behind: {newest} of {known}. A peer has own message {known} of identity '{name}', but the " +
            $"log ends at {newest}. Publishing number {newest + 1} would fork the feed. Wait until the missing " +
            "messages are replicated. If the peer is wrong, call flume.confirmRestore.");
    }
}
