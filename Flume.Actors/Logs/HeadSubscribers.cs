using Flume.Log;

namespace Flume.Actors;

/// <summary>Views that requested a notification when the head exceeds an offset.</summary>
/// <remarks>
/// 1. A view has one entry, independent of its lag, so the number of views is the limit.
/// 2. A repeated request replaces the offset and the token.
/// 3. Live readers use <see cref="Log.OffsetLog.WaitForHeadAsync"/> instead, which wakes all of them at once.
/// </remarks>
internal sealed class HeadSubscribers<TSubscriber> where TSubscriber : notnull
{
    private readonly Dictionary<TSubscriber, (Offset Beyond, long Token)> _waiting = [];

    /// <summary>Number of waiting views.</summary>
    public int Count => _waiting.Count;

    /// <summary>Adds a subscriber that waits for a head beyond an offset (exclusive).</summary>
    public void Add(TSubscriber subscriber, Offset beyond, long token) => _waiting[subscriber] = (beyond, token);

    /// <summary>
    /// Removes and returns the subscribers whose offset is below <paramref name="head"/>, with their tokens.
    /// </summary>
    public IReadOnlyList<(TSubscriber Subscriber, long Token)> Advance(Offset head)
    {
        if (_waiting.Count == 0) return [];
        var released = new List<(TSubscriber Subscriber, long Token)>(_waiting.Count);
        foreach ((TSubscriber subscriber, (Offset beyond, long token)) in _waiting)
        {
            if (beyond < head) released.Add((subscriber, token));
        }

        foreach ((TSubscriber subscriber, long _) in released) _waiting.Remove(subscriber);
        return released;
    }
}
