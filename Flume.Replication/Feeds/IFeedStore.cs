using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;

namespace Flume.Replication.Feeds;

/// <summary>What replication needs of an identity's log: the narrow door to the engine.</summary>
internal interface IFeedStore
{
    /// <summary>The identity's own feed id.</summary>
    string Self { get; }

    /// <summary>The newest message of every feed.</summary>
    ValueTask<IReadOnlyDictionary<string, FeedState>> StatesAsync(CancellationToken cancel);

    /// <summary>
    /// Appends verified messages in one write, durable when it returns; those that no longer follow their feed are left
    /// out. Nothing cancels the write.
    /// </summary>
    ValueTask<int> AppendAsync(IReadOnlyList<VerifiedMessage> messages);

    /// <summary>The values of a feed's messages from one sequence to another, inclusive, as JSON; ends at a gap.</summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        string feed, long first, long last, CancellationToken cancel);

    /// <summary>Every message of the log from now on, once it can be read: for ever.</summary>
    IAsyncEnumerable<IReadOnlyList<FeedMessage>> FollowAsync(CancellationToken cancel);

    /// <summary>Which feeds to replicate, and who blocks whom.</summary>
    ValueTask<ReplicateSet> ReplicateSetAsync(int hops, CancellationToken cancel);

    /// <summary>A peer claims that the own feed has this sequence: publishing waits for it.</summary>
    void ClaimOwn(long sequence);
}

/// <summary>One message that is in the log.</summary>
/// <param name="Author">Its author.</param>
/// <param name="State">Its id and sequence.</param>
/// <param name="IsContact">True when it may change the replicate set.</param>
internal readonly record struct FeedMessage(string Author, FeedState State, bool IsContact);

/// <summary>What an identity replicates.</summary>
/// <param name="Feeds">The feeds within its hops, itself included.</param>
/// <param name="Blocks">Every block edge of the follow graph.</param>
internal sealed record ReplicateSet(IReadOnlySet<string> Feeds, IReadOnlyList<(string From, string To)> Blocks);
