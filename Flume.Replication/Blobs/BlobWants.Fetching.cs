namespace Flume.Replication.Blobs;

/// <summary>The selection of the peer from which a wanted blob is fetched.</summary>
internal sealed partial class BlobWants
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(3);

    /// <summary>The next fetch; null if none can begin now. <see cref="FetchEnded"/> must follow.</summary>
    public BlobFetch? TakeFetch(TimeSpan now)
    {
        for (int left = _ready.Count; left > 0; left--)
        {
            string id = _ready.Dequeue();
            if (!_wants.TryGetValue(id, out BlobWant? want)) continue;
            want.IsQueued = false;
            if (want.IsFetching) continue;
            (int peer, BlobPeer? at) = Choose(id, now, out bool areBusy);
            if (at is null)
            {
                if (areBusy) Queue(id, want);
                continue;
            }

            want.IsFetching = true;
            at.FetchCount++;
            return new BlobFetch(peer, id);
        }

        return null;
    }

    /// <summary>Handles the end of a fetch. After a failure another peer is asked, and this one later.</summary>
    public void FetchEnded(BlobFetch fetch, bool isStored, TimeSpan now)
    {
        if (_peers.TryGetValue(fetch.Peer, out BlobPeer? at))
        {
            at.FetchCount--;
            if (!isStored) at.Failed[fetch.Id] = Next(at.Failed.GetValueOrDefault(fetch.Id).Count + 1, now);
        }

        if (!_wants.TryGetValue(fetch.Id, out BlobWant? want)) return;
        want.IsFetching = false;
        if (!isStored && !DropUnwanted(fetch.Id, want)) Queue(fetch.Id, want);
    }

    /// <summary>Queues the wanted blobs again that a peer has, because a wait after a failure may be over.</summary>
    public void Retry()
    {
        foreach (BlobPeer at in _peers.Values)
        {
            foreach (string id in at.Failed.Keys)
            {
                if (_wants.TryGetValue(id, out BlobWant? want)) Queue(id, want);
            }
        }
    }

    private static (int Count, TimeSpan At) Next(int failures, TimeSpan now)
    {
        TimeSpan wait = RetryAfter * Math.Pow(2, Math.Min(failures - 1, 20));
        return (failures, now + (wait < RetryMax ? wait : RetryMax));
    }

    /// <summary>The peer with the fewest fetches that has the blob.</summary>
    private (int Peer, BlobPeer? At) Choose(string id, TimeSpan now, out bool areBusy)
    {
        (int Peer, BlobPeer? At) best = (0, null);
        areBusy = false;
        foreach ((int peer, BlobPeer at) in _peers)
        {
            if (!at.CanOffer(id, now) || at.Has[id] >= settings.BytesMax) continue;
            if (at.FetchCount >= settings.FetchesPerPeerMax) areBusy = true;
            else if (best.At is null || at.FetchCount < best.At.FetchCount) best = (peer, at);
        }

        return best;
    }

    private void Queue(string id, BlobWant want)
    {
        if (want.IsQueued || want.IsFetching) return;
        want.IsQueued = true;
        _ready.Enqueue(id);
    }
}
