using Flume.Log;

namespace Flume.Actors;

/// <summary>Queries that wait until a view's since has reached the offset they asked for.</summary>
/// <remarks>
/// 1. A query leaves exactly once: released, expired, withdrawn at the end by <see cref="TakeAll"/>, or never let in.
/// 2. Released queries leave in the order of their targets, those with the same target in the order they came.
/// 3. There are never more than the limit (I8).
/// Source: flumedb's <c>wrap.js</c>, whose out-of-order branch loses waiters (docs/spec 2).
/// </remarks>
internal sealed class FreshnessWaiters<TQuery>(int max)
{
    private readonly SortedDictionary<(Offset Target, long Arrival), Waiting> _byTarget = new(TargetOrder.Instance);
    private readonly SortedSet<(DateTimeOffset Deadline, long Arrival, Offset Target)> _byDeadline = [];
    private long _arrivals;

    /// <summary>How many wait.</summary>
    public int Count => _byTarget.Count;

    /// <summary>When the next one expires; null when none waits.</summary>
    public DateTimeOffset? NextDeadline => _byDeadline.Count == 0 ? null : _byDeadline.Min.Deadline;

    /// <summary>False when the limit is reached, and the query does not wait.</summary>
    public bool Add(TQuery query, Offset target, DateTimeOffset deadline)
    {
        if (_byTarget.Count >= max) return false;
        long arrival = _arrivals++;
        _byTarget.Add((target, arrival), new(query, deadline));
        _byDeadline.Add((deadline, arrival, target));
        return true;
    }

    /// <summary>Takes out the queries whose target is at most <paramref name="since"/> (inclusive).</summary>
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

    /// <summary>Takes out the queries whose deadline is at or before <paramref name="now"/>, earliest first.</summary>
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

    /// <summary>Takes out everyone, in the order of the targets: the view stands still or stops.</summary>
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
