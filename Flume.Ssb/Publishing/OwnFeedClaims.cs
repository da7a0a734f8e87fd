using Flume.Ssb.Api;

namespace Flume.Ssb.Publishing;

/// <summary>How far the identity's own feed is according to its peers: publishing waits until the log has that much.</summary>
/// <remarks>A peer knows more of the own feed than the log after a restore, or when another program has the same key.</remarks>
internal sealed class OwnFeedClaims
{
    private long _claimed;

    /// <summary>The newest own sequence that any peer claims; 0 for none.</summary>
    internal long Claimed => Volatile.Read(ref _claimed);

    /// <summary>A peer claims that the own feed has this sequence.</summary>
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

    /// <summary>Forgets every claim: an operator vouches that the log has the newest own message.</summary>
    internal void Forget() => Volatile.Write(ref _claimed, 0);

    /// <summary>Refuses to publish while a peer claims more than the log has.</summary>
    /// <exception cref="ApiException">Publishing could use a sequence twice.</exception>
    internal void ThrowIfBehind(string name, long newest)
    {
        long known = Claimed;
        if (known <= newest) return;
        throw ApiException.Error(
            $"own feed is behind: {newest} of {known}. A peer has own message {known} of identity '{name}', and the log " +
            $"ends at {newest}. Publishing number {newest + 1} would fork the feed. Wait until the missing messages are " +
            "replicated; if the peer is wrong, call flume.confirmRestore.");
    }
}
