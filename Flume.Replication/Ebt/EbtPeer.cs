namespace Flume.Replication.Ebt;

/// <summary>
/// The replication state of one peer: its clock, the feeds with notes, and the queue of feeds to send.
/// </summary>
/// <remarks>Only <see cref="EbtState"/> uses it, under its owner's lock.</remarks>
internal sealed class EbtPeer(string id, IReadOnlyDictionary<string, long> remembered)
{
    /// <summary>The peer's feed id.</summary>
    public string Id { get; } = id;

    /// <summary>
    /// The newest sequence per feed that the peer announced or sent; -1 if it refuses the feed. Sending does not
    /// change it.
    /// </summary>
    public Dictionary<string, long> Clock { get; } = new(remembered, StringComparer.Ordinal);

    /// <summary>The feeds with a note in either direction.</summary>
    public Dictionary<string, EbtFeed> Feeds { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The feeds that this connection does not replicate any more, because the peer sent an invalid message.
    /// </summary>
    public HashSet<string> Rejected { get; } = new(StringComparer.Ordinal);

    /// <summary>The notes to send. A later note about a feed replaces an earlier one.</summary>
    public Dictionary<string, EbtNote> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>The feeds of which the peer requests messages that it lacks.</summary>
    public Queue<string> ToSend { get; } = new();

    /// <summary>The time of the peer's last packet.</summary>
    public TimeSpan Heard { get; set; }

    /// <summary>True after the first notes of this side were created.</summary>
    public bool HasStarted { get; set; }

    /// <summary>True while a newer stream of the same peer is open. This stream then sends nothing.</summary>
    public bool IsMuted { get; set; }

    /// <summary>The peer's newest sequence; 0 if unknown, -1 if it refuses the feed.</summary>
    public long ClockOf(string feed) => Clock.GetValueOrDefault(feed);

    /// <summary>Adds a feed to the send queue.</summary>
    public void Enqueue(string feed, EbtFeed state)
    {
        if (state.IsQueued) return;
        state.IsQueued = true;
        ToSend.Enqueue(feed);
    }

    /// <summary>The clock to store for the peer: its sequences of the replicated feeds.</summary>
    /// <remarks>
    /// A refusal of an empty feed is not stored. If the peer follows the feed later, it sends no note, because both
    /// sides are at 0.
    /// </remarks>
    public IReadOnlyDictionary<string, long> Remembered(IReadOnlySet<string> wanted) =>
        Clock.Where(entry => wanted.Contains(entry.Key) && !(entry.Value < 0 && IsEmptyFor(entry.Key)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>True when the last note to the peer said that the feed is empty here.</summary>
    public bool IsEmptyFor(string feed) => Feeds.GetValueOrDefault(feed) is { Announced: 0 };

    /// <summary>Removes the state of a feed that is not replicated any more.</summary>
    public void Withdraw(string feed)
    {
        if (Feeds.Remove(feed)) Notes[feed] = EbtNote.Refusal;
        Rejected.Remove(feed);
    }
}
