using System.Collections.Concurrent;
using Flume.Query.Json;
using Flume.Replication.Blobs;
using Flume.Replication.Ebt;
using Flume.Replication.Feeds;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Replication.Peers;

/// <summary>The replication of one identity: its state, its acceptor, and their background loops.</summary>
/// <remarks>Any thread may call the members. One lock protects the state.</remarks>
internal sealed partial class IdentityReplication : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly EbtState _state;
    private readonly MessageAcceptor _acceptor;
    private readonly PeerClocks _clocks;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, (string Remote, Action Signal)> _sessions = new();
    private Task[] _running = [];
    private volatile bool _isGraphStale;
    private int _lastPeer;
    private long _sentCount;
    private long _acceptedCount;

    private IdentityReplication(IFeedStore store, PeerClocks clocks, ReplicationSettings settings, TimeProvider time)
    {
        Store = store;
        _clocks = clocks;
        Settings = settings;
        _time = time;
        _started = time.GetTimestamp();
        _state = new EbtState(store.Self);
        _acceptor = new MessageAcceptor(store, OnRejected);
    }

    /// <summary>The settings of section <c>flume.replication</c>.</summary>
    public ReplicationSettings Settings { get; }

    /// <summary>The identity's log.</summary>
    public IFeedStore Store { get; }

    /// <summary>The exchange of blobs; null if the identity has none.</summary>
    public BlobExchange? Blobs { get; set; }

    /// <summary>Called after the follow graph was read.</summary>
    public Action? GraphChanged { get; set; }

    /// <summary>Proofs of forks.</summary>
    public Forks Forks { get; } = new();

    /// <summary>The number of messages sent to peers since the start.</summary>
    public long SentCount => Interlocked.Read(ref _sentCount);

    /// <summary>The number of messages appended to the log since the start, from any source.</summary>
    public long AcceptedCount => Interlocked.Read(ref _acceptedCount);

    /// <summary>Loads the feed states and the follow graph, and starts to follow the log.</summary>
    public static async Task<IdentityReplication> StartAsync(
        IFeedStore store, PeerClocks clocks, ReplicationSettings settings, TimeProvider time, CancellationToken cancel)
    {
        IdentityReplication replication = new(store, clocks, settings, time);
        clocks.DeleteOld(time.GetUtcNow());
        IAsyncEnumerator<IReadOnlyList<FeedMessage>> log =
            store.FollowAsync(replication._stop.Token).GetAsyncEnumerator(replication._stop.Token);
        ValueTask<bool> next = log.MoveNextAsync();
        foreach ((string feed, FeedState head) in await store.StatesAsync(cancel).ConfigureAwait(false))
        {
            replication._state.Load(feed, head.Sequence);
            replication._acceptor.Observe(feed, head);
        }

        await replication.ReadGraphAsync(cancel).ConfigureAwait(false);
        replication._running =
        [
            BackgroundLoop.RunAsync("following the log", () => replication.FollowAsync(log, next)),
            BackgroundLoop.RunAsync(
                "accepting messages", () => replication._acceptor.RunAsync(replication._stop.Token)),
            BackgroundLoop.RunAsync("replication's timer", replication.TickAsync),
        ];
        return replication;
    }

    /// <summary>The wanted feeds with their newest sequence in the log.</summary>
    public IReadOnlyDictionary<string, long> Wanted()
    {
        lock (_gate) return _state.Clock();
    }

    /// <summary>The number of messages of wanted feeds that connected peers have and the log lacks.</summary>
    public long Behind()
    {
        lock (_gate) return _state.Behind();
    }

    /// <summary>The number of own messages that peers announced and the log lacks.</summary>
    public long OwnBehind
    {
        get
        {
            lock (_gate) return Math.Max(0, _state.OwnClaimed - _state.Have(Store.Self));
        }
    }

    /// <summary>True if this identity blocks a peer. A blocked peer is neither dialled nor accepted.</summary>
    public bool Blocks(string remote)
    {
        lock (_gate) return _state.IsBlocked(Store.Self, remote);
    }

    /// <summary>True if a feed's messages may be sent to a peer.</summary>
    public bool MayServe(string feed, string remote)
    {
        lock (_gate) return !_state.IsBlocked(feed, remote) && !_state.IsBlocked(Store.Self, remote);
    }

    /// <summary>
    /// Adds the state of one EBT stream. <paramref name="signal"/> is called when there is data to send.
    /// </summary>
    public int OpenEbt(string remote, Action signal)
    {
        int peer = Interlocked.Increment(ref _lastPeer);
        IReadOnlyDictionary<string, long> clock = _clocks.Read(remote);
        lock (_gate) _state.Open(peer, remote, clock, Now);
        _sessions[peer] = (remote, signal);
        return peer;
    }

    /// <summary>Creates the first notes of a stream, once.</summary>
    public void StartEbt(int peer)
    {
        lock (_gate) _state.Start(peer);
        SignalAll();
    }

    /// <summary>Removes the state of a stream and stores the peer's clock.</summary>
    public void CloseEbt(int peer, string remote)
    {
        _sessions.TryRemove(peer, out _);
        IReadOnlyDictionary<string, long> clock;
        lock (_gate) clock = _state.Close(peer);
        _clocks.Write(remote, clock);
        SignalAll();
    }

    /// <summary>Handles notes of the peer.</summary>
    public void ReceiveNotes(int peer, IEnumerable<(string Feed, EbtNote Note)> notes)
    {
        long claimed;
        lock (_gate)
        {
            foreach ((string feed, EbtNote note) in notes.Take(EbtPackets.NotesMax))
                _state.ReceiveNote(peer, feed, note, Now);
            claimed = _state.OwnClaimed;
        }

        if (claimed > 0) Store.ClaimOwn(claimed);
        SignalAll();
    }

    /// <summary>Handles a message on an EBT stream. Returns when the queue has space for the next one.</summary>
    public ValueTask ReceiveMessageAsync(int peer, JsValue value, CancellationToken cancel)
    {
        string author = value["author"].AsString;
        long sequence = (long)value["sequence"].AsNumber;
        EbtVerdict verdict;
        lock (_gate)
        {
            verdict = _state.ReceiveMessage(peer, author, sequence, _acceptor.Expected(author), Now);
            if (verdict == EbtVerdict.Next) _acceptor.Reserve(author, sequence);
        }

        if (verdict == EbtVerdict.Next)
            return _acceptor.SubmitAsync(new ReceivedMessage(peer, author, sequence, value), cancel);
        if (verdict != EbtVerdict.Unwanted && _sessions.TryGetValue(peer, out (string Remote, Action Signal) session))
            session.Signal();
        return default;
    }

    /// <summary>Handles a message of createHistoryStream with the same checks.</summary>
    public ValueTask ReceiveLegacyAsync(string remote, JsValue value, CancellationToken cancel)
    {
        string author = value["author"].AsString;
        long sequence = (long)value["sequence"].AsNumber;
        lock (_gate)
        {
            if (!_state.Wanted.Contains(author) || _state.IsBlocked(author, remote)) return default;
            if (sequence != _acceptor.Expected(author) + 1) return default;
            _acceptor.Reserve(author, sequence);
        }

        return _acceptor.SubmitAsync(new ReceivedMessage(0, author, sequence, value), cancel);
    }

    /// <summary>The next messages to send on a stream.</summary>
    public EbtSend? TakeEbtSend(int peer, int most)
    {
        lock (_gate) return _state.TakeSend(peer, most);
    }

    /// <summary>The queued notes of a stream.</summary>
    public Dictionary<string, EbtNote>? TakeEbtNotes(int peer, int most)
    {
        lock (_gate) return _state.TakeNotes(peer, most);
    }

    /// <summary>Reads from the state under its lock.</summary>
    public T Read<T>(Func<EbtState, T> ask)
    {
        lock (_gate) return ask(_state);
    }

    /// <summary>Changes the state, under its lock.</summary>
    public void Change(Action<EbtState> change)
    {
        lock (_gate) change(_state);
    }

    /// <summary>Counts sent messages.</summary>
    public void CountSent(int count) => Interlocked.Add(ref _sentCount, count);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (Task task in _running) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Blobs is not null) await Blobs.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    private void SignalAll()
    {
        foreach ((_, (string _, Action signal)) in _sessions) signal();
    }

    private async Task FollowAsync(IAsyncEnumerator<IReadOnlyList<FeedMessage>> log, ValueTask<bool> next)
    {
        await using (log.ConfigureAwait(false))
        {
            for (; await next.ConfigureAwait(false); next = log.MoveNextAsync())
            {
                lock (_gate)
                {
                    foreach (FeedMessage message in log.Current)
                    {
                        _acceptor.Observe(message.Author, message.State);
                        _state.Stored(message.Author, message.State.Sequence);
                        _isGraphStale |= message.IsContact;
                    }
                }

                Interlocked.Add(ref _acceptedCount, log.Current.Count);
                SignalAll();
            }
        }
    }
}
