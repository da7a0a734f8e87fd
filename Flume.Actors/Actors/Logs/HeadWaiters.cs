using Flume.Primitives;

namespace Flume.Actors;

/// <summary>Who wants to know when the head lies beyond an offset.</summary>
/// <remarks>
/// 1. A waiter costs one entry, however far behind it is: nothing here grows with the log.
/// 2. A key waits at most once; asking again under the same key replaces the offset.
/// 3. There are never more than the limit (I8).
/// </remarks>
internal sealed class HeadWaiters<TKey>(int max) where TKey : notnull
{
    private readonly Dictionary<TKey, Offset> _beyond = [];

    /// <summary>How many wait.</summary>
    public int Count => _beyond.Count;

    /// <summary>False when the limit is reached, and the key does not wait.</summary>
    public bool Add(TKey key, Offset beyond)
    {
        if (_beyond.Count >= max && !_beyond.ContainsKey(key)) return false;
        _beyond[key] = beyond;
        return true;
    }

    /// <summary>The key waits no longer; harmless when it did not.</summary>
    public void Remove(TKey key) => _beyond.Remove(key);

    /// <summary>Takes out everyone whose offset is below <paramref name="head"/>.</summary>
    public IReadOnlyList<TKey> Advance(Offset head)
    {
        if (_beyond.Count == 0) return [];
        var released = new List<TKey>(_beyond.Count);
        foreach ((TKey key, Offset beyond) in _beyond)
        {
            if (beyond < head) released.Add(key);
        }

        foreach (TKey key in released) _beyond.Remove(key);
        return released;
    }
}
