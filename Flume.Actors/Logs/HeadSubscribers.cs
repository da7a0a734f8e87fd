using Flume.Log;

namespace Flume.Actors;

/// <summary>Which views want to know when the head lies beyond an offset.</summary>
/// <remarks>
/// 1. A view costs one entry, however far behind it is: nothing here grows with the log, and the catalog is the limit.
/// 2. Asking again replaces the offset and the token.
/// Live readers do not ask here: <see cref="Log.OffsetLog.WaitForHeadAsync"/> wakes any number of them at once.
/// </remarks>
internal sealed class HeadSubscribers<TAsker> where TAsker : notnull
{
    private readonly Dictionary<TAsker, (Offset Beyond, long Token)> _waiting = [];

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Waits for a head beyond an offset (exclusive).</summary>
    public void Add(TAsker asker, Offset beyond, long token) => _waiting[asker] = (beyond, token);

    /// <summary>Takes out everyone whose offset is below <paramref name="head"/>, with their tokens.</summary>
    public IReadOnlyList<(TAsker Asker, long Token)> Advance(Offset head)
    {
        if (_waiting.Count == 0) return [];
        var released = new List<(TAsker Asker, long Token)>(_waiting.Count);
        foreach ((TAsker asker, (Offset beyond, long token)) in _waiting)
        {
            if (beyond < head) released.Add((asker, token));
        }

        foreach ((TAsker asker, long _) in released) _waiting.Remove(asker);
        return released;
    }
}
