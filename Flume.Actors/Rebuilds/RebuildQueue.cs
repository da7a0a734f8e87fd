using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Which views want a fresh store, which of them one scan is building now, and which of those still want it.</summary>
/// <remarks>
/// 1. A view waits at most once and is in the scan at most once; asking again replaces what waits.
/// 2. There is one scan at a time; what is asked meanwhile waits for the next.
/// 3. A cancelled view leaves the scan's list; the scan itself is in vain once nobody is left on it.
/// </remarks>
internal sealed class RebuildQueue<TAsker>
{
    private readonly SortedDictionary<string, RebuildRequest<TAsker>> _waiting = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RebuildRequest<TAsker>> _scanning = new(StringComparer.Ordinal);

    /// <summary>True when views wait for the next scan.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>True from <see cref="Begin"/> to <see cref="End"/>.</summary>
    public bool IsScanning { get; private set; }

    /// <summary>True when nobody wants the scan's results any more.</summary>
    public bool IsAbandoned => IsScanning && _scanning.Count == 0;

    /// <summary>Those who still want the scan's results, by view name.</summary>
    public IReadOnlyCollection<RebuildRequest<TAsker>> Scanning => _scanning.Values;

    /// <summary>Every wish, waiting or scanning.</summary>
    public IEnumerable<RebuildRequest<TAsker>> All => _waiting.Values.Concat(_scanning.Values);

    /// <summary>How much of the machine the scan may use: what all of its views allow. Full when there is no scan.</summary>
    public IndexBudget Budget =>
        _scanning.Values.Aggregate(IndexBudget.Full, (allowed, request) => allowed.And(request.Budget));

    /// <summary>Waits for the next scan.</summary>
    public void Ask(RebuildRequest<TAsker> request)
    {
        Cancel(request.View);
        _waiting[request.View] = request;
    }

    /// <summary>Does not want it any more; harmless when it never did.</summary>
    public void Cancel(string view)
    {
        _waiting.Remove(view);
        _scanning.Remove(view);
    }

    /// <summary>Changes the budget of one view, waiting or scanning.</summary>
    public void SetBudget(string view, IndexBudget budget)
    {
        foreach (SortedDictionary<string, RebuildRequest<TAsker>> requests in new[] { _waiting, _scanning })
        {
            if (requests.TryGetValue(view, out RebuildRequest<TAsker>? request)) requests[view] = request with { Budget = budget };
        }
    }

    /// <summary>Starts a scan for everyone who waits; their wishes, by view name.</summary>
    public IReadOnlyList<RebuildRequest<TAsker>> Begin()
    {
        foreach ((string view, RebuildRequest<TAsker> request) in _waiting) _scanning.Add(view, request);
        _waiting.Clear();
        IsScanning = true;
        return [.. _scanning.Values];
    }

    /// <summary>The scan is over, well or not; those who still want its result.</summary>
    public IReadOnlyList<RebuildRequest<TAsker>> End()
    {
        IsScanning = false;
        RebuildRequest<TAsker>[] left = [.. _scanning.Values];
        _scanning.Clear();
        return left;
    }
}

/// <summary>One view's wish for a fresh store.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Asker">Whom to tell.</param>
/// <param name="Token">Comes back in every answer.</param>
/// <param name="Budget">How much of the machine its scan may use.</param>
internal sealed record RebuildRequest<TAsker>(string View, TAsker Asker, long Token, IndexBudget Budget)
{
    /// <summary>Why.</summary>
    public string Reason { get; init; } = "asked for";

    /// <summary>The first offset that is derived anew; null for all.</summary>
    public Offset? From { get; init; }
}
