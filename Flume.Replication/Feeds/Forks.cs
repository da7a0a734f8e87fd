namespace Flume.Replication.Feeds;

/// <summary>The refused messages that contradict the feed in the log. They prove forks.</summary>
internal sealed class Forks
{
    private const int PerFeedMax = 16;
    private const int FeedsMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Fork>> _feeds = new(StringComparer.Ordinal);

    /// <summary>Adds one proof. Above the limit, the oldest proof of the feed is removed.</summary>
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

    /// <summary>All proofs, by feed.</summary>
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
/// <param name="Follows">The id in the log that the message should follow; null for none.</param>
/// <param name="Reason">The reason of the refusal.</param>
/// <param name="Message">The message as JSON.</param>
internal sealed record Fork(long Sequence, string? Follows, string Reason, string Message);
