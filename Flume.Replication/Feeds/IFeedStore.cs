using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;

namespace Flume.Replication.Feeds;

/// <summary>The operations of an identity's log that replication uses.</summary>
internal interface IFeedStore
{
    /// <summary>The identity's own feed id.</summary>
    string Self { get; }

    /// <summary>The messages that any identity of the process verified.</summary>
    VerifiedMessages Verified { get; }

    /// <summary>The newest message of every feed.</summary>
    ValueTask<IReadOnlyDictionary<string, FeedState>> StatesAsync(CancellationToken cancel);

    /// <summary>
    /// Appends verified messages in one write, durable on return. Messages that no longer follow their feed are
    /// skipped. The write cannot be cancelled.
    /// </summary>
    ValueTask<int> AppendAsync(IReadOnlyList<VerifiedMessage> messages);

    /// <summary>
    /// The values of a feed's messages between two sequences, inclusive, as JSON. The list ends at a gap.
    /// </summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        string feed, long first, long last, CancellationToken cancel);

    /// <summary>Streams every message appended after the call, without end.</summary>
    IAsyncEnumerable<IReadOnlyList<FeedMessage>> FollowAsync(CancellationToken cancel);

    /// <summary>The feeds to replicate, and the block edges.</summary>
    ValueTask<ReplicateSet> ReplicateSetAsync(int hops, CancellationToken cancel);

    /// <summary>Records that a peer announced this sequence of the own feed. Publishing then waits for it.</summary>
    void ClaimOwn(long sequence);
}

/// <summary>One message in the log.</summary>
/// <param name="Author">Its author.</param>
/// <param name="State">Its id and sequence.</param>
/// <param name="IsContact">True if the message can change the replicate set.</param>
internal readonly record struct FeedMessage(string Author, FeedState State, bool IsContact);

/// <summary>The replicate set of an identity.</summary>
/// <param name="Feeds">The feeds within the configured hops, including the own feed.</param>
/// <param name="Blocks">Every block edge of the follow graph.</param>
internal sealed record ReplicateSet(IReadOnlySet<string> Feeds, IReadOnlyList<(string From, string To)> Blocks);
