namespace Flume.Replication.Ebt;

/// <summary>The replication state of one feed with one peer, from the first note in either direction.</summary>
internal sealed class EbtFeed
{
    /// <summary>True while the peer requests new messages of the feed.</summary>
    public bool Transmit { get; set; }

    /// <summary>True while this side requests new messages of the feed.</summary>
    public bool Receive { get; set; }

    /// <summary>The newest sequence that the peer announced, sent, or received.</summary>
    public long Sent { get; set; }

    /// <summary>True while the feed is in the peer's send queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The sequence of the last sent note; -1 before the first note and after a refusal.</summary>
    public long Announced { get; set; } = -1;

    /// <summary>The time of the next repeated note; null while the peer is not behind.</summary>
    public TimeSpan? RepeatAt { get; set; }

    /// <summary>The number of repeated notes.</summary>
    public int Repeats { get; set; }

    /// <summary>The time of the last request after a gap.</summary>
    public TimeSpan? GapAsked { get; set; }
}
