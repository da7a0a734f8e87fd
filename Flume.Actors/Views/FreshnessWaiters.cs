using Flume.Log;

namespace Flume.Actors;

/// <summary>Queries that wait until the since of a view reaches their offset.</summary>
/// <remarks>
/// 1. A query leaves exactly once: released, expired, or removed by <see cref="TakeAll"/>.
/// 2. Released queries leave in the order of their targets. Queries with the same target leave in order of arrival.
/// 3. The number of queries never exceeds the limit (I8).
/// Source: flumedb's <c>wrap.js</c>, whose out-of-order branch loses waiters (docs/spec 2).
/// </remarks>
internal sealed class FreshnessWaiters<TQuery>(int max)
{
    private readonly SortedDictionary<(Offset Target, long Arrival), Waiting> _byTarget = new(TargetOrder.Instance);
    private readonly SortedSet<(DateTimeOffset Deadline, long Arrival, Offset Target)> _byDeadline = [];
    private long _arrivals;

    /// <summary>Number of waiting queries.</summary>
    public int Count => _byTarget.Count;

    /// <summary>The earliest deadline; null without a query.</summary>
    public DateTimeOffset? NextDeadline => _byDeadline.Count == 0 ? null : _byDeadline.Min.Deadline;

    /// <summary>Adds a query; false when the limit is reached.</summary>
    public bool Add(TQuery query, Offset target, DateTimeOffset deadline)
    {
        if (_byTarget.Count >= max) return false;
        long arrival = _arrivals++;
        _byTarget.Add((target, arrival), new(query, deadline));
        _byDeadline.Add((deadline, arrival, target));
        return true;
    }

    /// <summary>Removes and returns the queries whose target is at most <paramref name="since"/> (inclusive).</summary>
    public IReadOnlyList<TQuery> Release(Offset since)
    {
        if (_byTarget.Count == 0) return [];
        var released = new List<TQuery>();
        while (_byTarget.Count > 0)
        {
            ((Offset target, long arrival), Waiting waiting) = First();
            if (target > since) break;
            _byTarget.Remove((target, arrival));
            _byDeadline.Remove((waiting.Deadline, arrival, target));
            released.Add(waiting.Query);
        }

        return released;
    }

    /// <summary>
    /// Removes and returns the queries whose deadline is at or before <paramref name="now"/>, earliest first.
    /// </summary>
    public IReadOnlyList<(TQuery Query, Offset Target)> Expire(DateTimeOffset now)
    {
        var expired = new List<(TQuery, Offset)>();
        while (_byDeadline.Count > 0 && _byDeadline.Min is var first && first.Deadline <= now)
        {
            _byDeadline.Remove(first);
            _byTarget.Remove((first.Target, first.Arrival), out Waiting waiting);
            expired.Add((waiting.Query, first.Target));
        }

        return expired;
    }

    /// <summary>Removes and returns all queries in the order of their targets: the view stops advancing.</summary>
    public IReadOnlyList<TQuery> TakeAll()
    {
        var all = new List<TQuery>(_byTarget.Count);
        foreach (Waiting waiting in _byTarget.Values) all.Add(waiting.Query);
        _byTarget.Clear();
        _byDeadline.Clear();
        return all;
    }

    private KeyValuePair<(Offset Target, long Arrival), Waiting> First()
    {
        using var pairs = _byTarget.GetEnumerator();
        pairs.MoveNext();
        return pairs.Current;
    }

    private readonly record struct Waiting(TQuery Query, DateTimeOffset Deadline);

    private sealed class TargetOrder : IComparer<(Offset Target, long Arrival)>
    {
        public static readonly TargetOrder Instance = new();

        public int Compare((Offset Target, long Arrival) a, (Offset Target, long Arrival) b)
        {
            int byTarget = a.Target.CompareTo(b.Target);
            return byTarget != 0 ? byTarget : a.Arrival.CompareTo(b.Arrival);
        }
    }
}
