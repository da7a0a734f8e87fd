namespace Flume.Replication.Ebt;

/// <summary>What is agreed about one feed with one peer, from the first note in either direction.</summary>
internal sealed class EbtFeed
{
    /// <summary>True while the peer asks for what follows.</summary>
    public bool Transmit { get; set; }

    /// <summary>True while we ask the peer for what follows.</summary>
    public bool Receive { get; set; }

    /// <summary>The newest sequence that the peer said to have, sent, or was sent.</summary>
    public long Sent { get; set; }

    /// <summary>True while the feed waits in the peer's queue of feeds to send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The sequence of the last note that was sent to the peer; -1 before the first and after a refusal.</summary>
    public long Announced { get; set; } = -1;

    /// <summary>When the peer was last asked again because of a gap.</summary>
    public TimeSpan? GapAsked { get; set; }
}
