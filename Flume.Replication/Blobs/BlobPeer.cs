namespace Flume.Replication.Blobs;

/// <summary>What one connected peer wants, has, and is told next.</summary>
/// <remarks>Only <see cref="BlobWants"/> uses it, under its owner's lock.</remarks>
internal sealed class BlobPeer(string remote)
{
    /// <summary>The peer's feed id.</summary>
    public string Remote { get; } = remote;

    /// <summary>The sizes of the blobs that the peer said it has.</summary>
    public Dictionary<string, long> Has { get; } = new(StringComparer.Ordinal);

    /// <summary>The missing blobs that the peer wants.</summary>
    public HashSet<string> Wants { get; } = new(StringComparer.Ordinal);

    /// <summary>The items to send: a negative distance for a want, a size for a stored blob.</summary>
    public Dictionary<string, long> ToSend { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of blobs that are fetched from the peer.</summary>
    public int FetchCount { get; set; }

    /// <summary>The failed fetches of each blob, and the time of the next attempt.</summary>
    public Dictionary<string, (int Count, TimeSpan At)> Failed { get; } = new(StringComparer.Ordinal);

    /// <summary>True if a fetch of a blob may begin at this time.</summary>
    public bool CanOffer(string id, TimeSpan now) =>
        Has.ContainsKey(id) && !(Failed.TryGetValue(id, out (int Count, TimeSpan At) last) && now < last.At);
}

/// <summary>A blob that the identity wants.</summary>
/// <param name="distance">-1 for an own want, less for a want of a peer.</param>
internal sealed class BlobWant(long distance)
{
    /// <summary>The distance to the peer that wants the blob; -1 for the identity itself.</summary>
    public long Distance { get; set; } = distance;

    /// <summary>True while the blob is fetched.</summary>
    public bool IsFetching { get; set; }

    /// <summary>True while the blob waits in the queue of fetches.</summary>
    public bool IsQueued { get; set; }
}

/// <summary>A fetch to begin.</summary>
/// <param name="Peer">The connection.</param>
/// <param name="Id">The blob.</param>
internal readonly record struct BlobFetch(int Peer, string Id);
