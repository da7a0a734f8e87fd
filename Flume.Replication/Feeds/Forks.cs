namespace Flume.Replication.Feeds;

/// <summary>Messages that were refused because they are no part of the feed that the log has: proofs of forks.</summary>
internal sealed class Forks
{
    private const int PerFeedMax = 16;
    private const int FeedsMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Fork>> _feeds = new(StringComparer.Ordinal);

    /// <summary>Keeps one proof; the oldest of a feed goes when there are too many.</summary>
    public void Add(string feed, Fork fork)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(feed, out Queue<Fork>? known))
            {
                if (_feeds.Count >= FeedsMax) return;
                _feeds[feed] = known = new Queue<Fork>();
            }

            known.Enqueue(fork);
            if (known.Count > PerFeedMax) known.Dequeue();
        }
    }

    /// <summary>Every proof, by feed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Fork>> ToDictionary()
    {
        lock (_gate)
        {
            return _feeds.ToDictionary(
                feed => feed.Key, feed => (IReadOnlyList<Fork>)[.. feed.Value], StringComparer.Ordinal);
        }
    }
}

/// <summary>One refused message.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Follows">The id in the log that it should follow; null for none.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Message">The message as JSON.</param>
internal sealed record Fork(long Sequence, string? Follows, string Reason, string Message);
