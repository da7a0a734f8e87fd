using System.Collections.Concurrent;
using Flume.Query.Json;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;

namespace Flume.Replication.Blobs;

/// <summary>The exchange of blobs of one identity with its connected peers.</summary>
/// <remarks>Any thread may call the members. One lock protects the state.</remarks>
internal sealed class BlobExchange : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(10);
    private const int ItemsMax = 100_000;

    private readonly Lock _gate = new();
    private readonly BlobWants _state;
    private readonly BlobFetcher _fetcher;
    private readonly BlobStore _store;
    private readonly PushedBlobs _pushed;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, BlobSession> _sessions = new();
    private readonly BlobListener _added;
    private readonly Task[] _running;
    private int _lastPeer;

    /// <summary>Creates the exchange and resumes the pushes of an earlier run.</summary>
    /// <param name="store">The blobs of the identity.</param>
    /// <param name="fetcher">Fetches blobs.</param>
    /// <param name="pushed">The stored pushes.</param>
    /// <param name="time">The clock.</param>
    public BlobExchange(BlobStore store, BlobFetcher fetcher, PushedBlobs pushed, TimeProvider time)
    {
        (_store, _fetcher, _pushed, _time) = (store, fetcher, pushed, time);
        _started = time.GetTimestamp();
        _state = new BlobWants(fetcher.Settings);
        foreach (string id in pushed.Read()) _state.Push(id);
        _added = store.Listen();
        _running =
        [
            BackgroundLoop.RunAsync("following the blobs", FollowAsync),
            BackgroundLoop.RunAsync("the timer of blobs", RetryAsync),
        ];
    }

    /// <summary>True if blobs are exchanged.</summary>
    public bool IsEnabled => _fetcher.Settings.Enabled;

    /// <summary>The number of blobs that are fetched now.</summary>
    public int FetchCount => _fetcher.Running;

    /// <summary>The number of fetched blobs since the start.</summary>
    public long FetchedCount => _fetcher.Stored;

    /// <summary>The number of wants, own ones and those of peers.</summary>
    public int WantCount => Read(static state => state.WantCount);

    /// <summary>True if the blob is wanted or pushed, so that it must be kept.</summary>
    public bool IsInUse(string id) => Read(state => state.IsWanted(id) || state.Pushed.Contains(id));

    /// <summary>Adds a connection. Its session is told when there are items to send.</summary>
    public int Open(BlobSession session)
    {
        int peer = Interlocked.Increment(ref _lastPeer);
        lock (_gate) _state.Open(peer, session.Remote);
        _sessions[peer] = session;
        return peer;
    }

    /// <summary>Removes a connection.</summary>
    public void Close(int peer)
    {
        _sessions.TryRemove(peer, out _);
        lock (_gate) _state.Close(peer);
    }

    /// <summary>Wants a blob for the identity.</summary>
    /// <exception cref="ApiException">The limit of wants is reached.</exception>
    public void Want(string id)
    {
        bool isAccepted;
        lock (_gate) isAccepted = _state.Want(id);
        if (isAccepted) TellIfStored(id);
        else throw ApiException.Error(
            $"{id} is not wanted: {_fetcher.Settings.WantsMax} blobs are wanted, which is the maximum of " +
            "flume.replication.blobs.wants-max.");
        Continue();
    }

    /// <summary>Offers a stored blob to peers until enough of them have it.</summary>
    /// <exception cref="ApiException">The limit is reached, or the blob is missing.</exception>
    public void Push(string id)
    {
        if (_store.Find(id) is null)
            throw ApiException.Error($"{id} is not pushed: the blob is not here. Add it first.");
        bool isAccepted;
        lock (_gate) isAccepted = _state.Push(id);
        if (!isAccepted) throw ApiException.Error(
            $"{id} is not pushed: {_fetcher.Settings.WantsMax} blobs are pushed, which is the maximum of " +
            "flume.replication.blobs.wants-max.");
        Continue();
    }

    /// <summary>Handles one packet of a peer's wants. Anything but an object is ignored.</summary>
    public void Receive(int peer, JsValue items)
    {
        if (!items.IsObject) return;
        foreach ((string id, JsValue number) in items.AsObject.Take(ItemsMax))
        {
            if (!number.IsNumber || !Ssb.Messages.Ref.IsBlob(id)) continue;
            long? size = number.AsNumber < 0 ? _store.Find(id)?.Size : null;
            lock (_gate) _state.Receive(peer, id, number.AsNumber, size);
            if (number.AsNumber < 0 && size is null) TellIfStored(id);
        }

        Continue();
    }

    /// <summary>Removes and returns queued items of a peer; null if there are none.</summary>
    public JsValue? Take(int peer)
    {
        IReadOnlyList<KeyValuePair<string, long>>? items;
        lock (_gate) items = _state.Take(peer);
        if (items is null) return null;
        JsObject taken = new();
        foreach ((string id, long number) in items) taken.Set(id, JsValue.From(number));
        return JsValue.From(taken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (Task task in _running) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _added.Dispose();
        _stop.Dispose();
    }

    private T Read<T>(Func<BlobWants, T> ask)
    {
        lock (_gate) return ask(_state);
    }

    /// <summary>Ends a want whose blob was stored while the want was added.</summary>
    private void TellIfStored(string id)
    {
        if (_store.Find(id) is not { } stored) return;
        lock (_gate) _state.Added(id, stored.Size);
    }

    /// <summary>Begins the fetches that can begin, stores the pushes and signals the sessions.</summary>
    private void Continue()
    {
        while (TakeFetch() is { } fetch) _ = FetchAsync(fetch);
        try
        {
            string[] pushed;
            lock (_gate) pushed = [.. _state.Pushed];
            lock (_pushed) _pushed.Write(pushed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"flume: cannot store which blobs are pushed: {error.Message}");
        }

        foreach (BlobSession session in _sessions.Values) session.Signal();
    }

    private BlobFetch? TakeFetch()
    {
        lock (_gate) return _state.TakeFetch(_time.GetElapsedTime(_started));
    }

    private async Task FetchAsync(BlobFetch fetch)
    {
        await Task.Yield(); // A fetch that fails at once begins the next one.
        bool isStored = _sessions.TryGetValue(fetch.Peer, out BlobSession? session)
            && await _fetcher.FetchAsync(session, fetch.Id, _store).ConfigureAwait(false);
        lock (_gate) _state.FetchEnded(fetch, isStored, _time.GetElapsedTime(_started));
        Continue();
    }

    private async Task FollowAsync()
    {
        await foreach (BlobMeta added in _added.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            lock (_gate) _state.Added(added.Id, added.Size);
            Continue();
        }
    }

    private async Task RetryAsync()
    {
        using PeriodicTimer timer = new(RetryEvery, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            lock (_gate) _state.Retry();
            Continue();
        }
    }
}
