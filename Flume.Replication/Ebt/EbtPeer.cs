namespace Flume.Replication.Ebt;

/// <summary>One peer's side of the replication: what it has, what is agreed, and what waits to be sent to it.</summary>
/// <remarks>For <see cref="EbtState"/> alone, under its lock.</remarks>
internal sealed class EbtPeer(string id, IReadOnlyDictionary<string, long> remembered)
{
    /// <summary>The peer's feed id.</summary>
    public string Id { get; } = id;

    /// <summary>
    /// What the peer said or sent, by feed; -1 when it does not want the feed. Sending to it never moves this.
    /// </summary>
    public Dictionary<string, long> Clock { get; } = new(remembered, StringComparer.Ordinal);

    /// <summary>The feeds that a note was exchanged about.</summary>
    public Dictionary<string, EbtFeed> Feeds { get; } = new(StringComparer.Ordinal);

    /// <summary>Feeds that this connection does not replicate any more: the peer sent what is no part of them.</summary>
    public HashSet<string> Rejected { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes that wait to be sent; a later one about a feed replaces an earlier one.</summary>
    public Dictionary<string, EbtNote> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Feeds of which the peer lacks messages and wants them.</summary>
    public Queue<string> ToSend { get; } = new();

    /// <summary>When the peer last sent anything.</summary>
    public TimeSpan Heard { get; set; }

    /// <summary>True once our first notes are made.</summary>
    public bool HasStarted { get; set; }

    /// <summary>True while a newer stream of the same peer is open: nothing is sent on this one.</summary>
    public bool IsMuted { get; set; }

    /// <summary>How far the peer is, as far as known; 0 when nothing is known, -1 when it does not want the feed.</summary>
    public long ClockOf(string feed) => Clock.GetValueOrDefault(feed);

    /// <summary>Queues a feed for sending.</summary>
    public void Enqueue(string feed, EbtFeed state)
    {
        if (state.IsQueued) return;
        state.IsQueued = true;
        ToSend.Enqueue(feed);
    }

    /// <summary>The clock to store for the next connection: the feeds that are replicated.</summary>
    /// <remarks>
    /// A refusal of an empty feed is not stored. A peer that follows the feed later is silent, because both sides are at 0.
    /// </remarks>
    public IReadOnlyDictionary<string, long> Remembered(IReadOnlySet<string> wanted) =>
        Clock.Where(entry => wanted.Contains(entry.Key) && !(entry.Value < 0 && IsEmptyFor(entry.Key)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>True when the last note to the peer said that the feed is empty here.</summary>
    public bool IsEmptyFor(string feed) => Feeds.GetValueOrDefault(feed) is { Announced: 0 };

    /// <summary>Ends what is agreed about a feed that is not replicated any more.</summary>
    public void Withdraw(string feed)
    {
        if (Feeds.Remove(feed)) Notes[feed] = EbtNote.Refusal;
        Rejected.Remove(feed);
    }
}
