using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Pending rebuild requests, and those that the current scan serves.</summary>
/// <remarks>
/// 1. A view has at most one pending request and at most one in the scan. A new request replaces the older ones.
/// 2. There is one scan at a time. Requests that arrive meanwhile are served by the next scan.
/// 3. A cancelled request leaves the scan's list. The scan is abandoned when its list is empty.
/// </remarks>
internal sealed class RebuildQueue<TAsker>
{
    private readonly SortedDictionary<string, RebuildRequest<TAsker>> _waiting = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RebuildRequest<TAsker>> _scanning = new(StringComparer.Ordinal);

    /// <summary>True when requests are pending.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>True from <see cref="Begin"/> to <see cref="End"/>.</summary>
    public bool IsScanning { get; private set; }

    /// <summary>True when every request of the scan is cancelled.</summary>
    public bool IsAbandoned => IsScanning && _scanning.Count == 0;

    /// <summary>The requests of the scan that are not cancelled, by view name.</summary>
    public IReadOnlyCollection<RebuildRequest<TAsker>> Scanning => _scanning.Values;

    /// <summary>All requests, pending or in the scan.</summary>
    public IEnumerable<RebuildRequest<TAsker>> All => _waiting.Values.Concat(_scanning.Values);

    /// <summary>The budget of the scan: the minimum of its views' budgets. Full without a scan.</summary>
    public IndexBudget Budget =>
        _scanning.Values.Aggregate(IndexBudget.Full, (allowed, request) => allowed.And(request.Budget));

    /// <summary>Adds a request for the next scan.</summary>
    public void Ask(RebuildRequest<TAsker> request)
    {
        Cancel(request.View);
        _waiting[request.View] = request;
    }

    /// <summary>Removes the request of a view; no effect without one.</summary>
    public void Cancel(string view)
    {
        _waiting.Remove(view);
        _scanning.Remove(view);
    }

    /// <summary>Changes the budget of one view's request, pending or in the scan.</summary>
    public void SetBudget(string view, IndexBudget budget)
    {
        foreach (SortedDictionary<string, RebuildRequest<TAsker>> requests in new[] { _waiting, _scanning })
        {
            if (requests.TryGetValue(view, out RebuildRequest<TAsker>? request))
                requests[view] = request with { Budget = budget };
        }
    }

    /// <summary>Moves all pending requests into a new scan and returns them, by view name.</summary>
    public IReadOnlyList<RebuildRequest<TAsker>> Begin()
    {
        foreach ((string view, RebuildRequest<TAsker> request) in _waiting) _scanning.Add(view, request);
        _waiting.Clear();
        IsScanning = true;
        return [.. _scanning.Values];
    }

    /// <summary>Ends the scan, completed or failed, and returns its requests that are not cancelled.</summary>
    public IReadOnlyList<RebuildRequest<TAsker>> End()
    {
        IsScanning = false;
        RebuildRequest<TAsker>[] remaining = [.. _scanning.Values];
        _scanning.Clear();
        return remaining;
    }
}

/// <summary>The request of one view for a fresh store.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Asker">The receiver of the answers.</param>
/// <param name="Token">Returned in every answer.</param>
/// <param name="Budget">How much of the machine the scan of this view may use.</param>
internal sealed record RebuildRequest<TAsker>(string View, TAsker Asker, long Token, IndexBudget Budget)
{
    /// <summary>The reason of the rebuild.</summary>
    public string Reason { get; init; } = "requested";

    /// <summary>Offset of the first record whose rows are derived again; null for all records.</summary>
    public Offset? From { get; init; }
}
