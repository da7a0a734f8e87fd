namespace Flume.Replication.Ebt;

/// <summary>Decides what one identity tells and sends to its peers: epidemic broadcast trees, version 3.</summary>
/// <remarks>
/// 1. Each feed is asked of one peer at a time. 2. A note never says more than <see cref="Have"/>, which the owner moves
/// when messages are in the log. 3. No message is sent twice on one connection unless the peer's notes ask for it again.
/// 4. Not thread-safe: its owner calls it under one lock.
/// </remarks>
/// <param name="self">The identity's own feed id.</param>
internal sealed partial class EbtState(string self)
{
    /// <summary>A peer that is silent for this long loses the feeds that another peer has more of.</summary>
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(3);

    // More feeds that nobody wants are not remembered: a hostile peer can name any number.
    private const int FeedsMax = 100_000;

    private readonly Dictionary<string, long> _have = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal) { self };
    private readonly HashSet<(string From, string To)> _blocks = [];
    private readonly Dictionary<int, EbtPeer> _peers = [];
    private readonly Dictionary<string, int> _askedOf = new(StringComparer.Ordinal);

    /// <summary>The highest own sequence that any peer claims.</summary>
    public long OwnClaimed { get; private set; }

    /// <summary>The feeds to replicate.</summary>
    public IReadOnlySet<string> Wanted => _wanted;

    /// <summary>Every feed to replicate, with the newest sequence in the log.</summary>
    public IReadOnlyDictionary<string, long> Clock() => _wanted.ToDictionary(feed => feed, Have, StringComparer.Ordinal);

    /// <summary>The newest sequence in the log; 0 for none.</summary>
    public long Have(string feed) => _have.GetValueOrDefault(feed);

    /// <summary>Sets where a feed stands, before any peer is there.</summary>
    public void Load(string feed, long sequence) => _have[feed] = sequence;

    /// <summary>A peer's stream is open. Its first notes are made by <see cref="Start"/>.</summary>
    /// <remarks>An older stream of the same peer stays, and sends nothing while the newer one is open.</remarks>
    public void Open(int peer, string id, IReadOnlyDictionary<string, long> remembered, TimeSpan now)
    {
        foreach ((int older, EbtPeer at) in _peers)
        {
            if (at.Id == id && !at.IsMuted) Mute(older, at);
        }

        _peers[peer] = new EbtPeer(id, remembered) { Heard = now };
    }

    /// <summary>Makes the first notes: of every feed that is not known to be equal on both sides.</summary>
    public void Start(int peer)
    {
        EbtPeer at = _peers[peer];
        if (at.HasStarted) return;
        at.HasStarted = true;
        foreach (string feed in _wanted) Introduce(peer, at, feed);
    }

    /// <summary>The peer's stream ended; returns what is to be remembered of the peer.</summary>
    public IReadOnlyDictionary<string, long> Close(int peer)
    {
        if (!_peers.Remove(peer, out EbtPeer? gone)) return new Dictionary<string, long>();
        foreach ((string feed, EbtFeed state) in gone.Feeds)
        {
            if (!state.Receive || _askedOf.GetValueOrDefault(feed, -1) != peer) continue;
            _askedOf.Remove(feed);
            AskNext(feed, after: peer);
        }

        int last = _peers.Where(other => other.Value.Id == gone.Id).Select(other => other.Key).DefaultIfEmpty(-1).Max();
        if (last >= 0 && !gone.IsMuted) _peers[last].IsMuted = false;
        return gone.Remembered(_wanted);
    }

    /// <summary>What is to be remembered of a connected peer now.</summary>
    public IReadOnlyDictionary<string, long> ClockOf(int peer) =>
        _peers.TryGetValue(peer, out EbtPeer? at) ? at.Remembered(_wanted) : new Dictionary<string, long>();

    /// <summary>The peer said something of a feed.</summary>
    public void ReceiveNote(int peer, string feed, EbtNote note, TimeSpan now)
    {
        EbtPeer at = _peers[peer];
        at.Heard = now;
        if (at.Clock.Count >= FeedsMax && !_wanted.Contains(feed)) return;
        at.Clock[feed] = note.Sequence;
        if (feed == self) OwnClaimed = Math.Max(OwnClaimed, note.Sequence);
        bool isKnown = at.Feeds.TryGetValue(feed, out EbtFeed? state);
        if (!IsShared(at, feed))
        {
            Refuse(peer, at, feed, state);
            return;
        }

        if (state is null) at.Feeds[feed] = state = new EbtFeed();
        state.Transmit = note.Receive;
        state.Sent = note.Sequence;
        long own = Have(feed);
        bool asks = note.Sequence > own && !state.Receive && TryAsk(peer, feed, note.Sequence);
        if (asks) state.Receive = true;
        if (asks || !isKnown) at.Notes[feed] = new EbtNote(own, state.Receive);
        if (own <= note.Sequence || note.Sequence < 0) return;
        if (state.Transmit) at.Enqueue(feed, state);
        else at.Notes[feed] = new EbtNote(own, state.Receive);
    }

    /// <summary>The peer sent a message. Says what it is; only <see cref="EbtVerdict.Next"/> is to be accepted.</summary>
    /// <param name="peer">Who sent it.</param>
    /// <param name="feed">Its author.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="expected">The newest sequence that is in the log or on its way into it.</param>
    /// <param name="now">The time.</param>
    public EbtVerdict ReceiveMessage(int peer, string feed, long sequence, long expected, TimeSpan now)
    {
        EbtPeer at = _peers[peer];
        at.Heard = now;
        if (!at.Feeds.TryGetValue(feed, out EbtFeed? state) || !IsShared(at, feed)) return EbtVerdict.Unwanted;
        if (at.ClockOf(feed) >= 0) at.Clock[feed] = Math.Max(at.ClockOf(feed), sequence);
        state.Sent = Math.Max(state.Sent, sequence);
        long own = Have(feed);
        if (sequence <= own)
        {
            if (state.Receive) Stop(peer, at, feed, state);
            return EbtVerdict.Duplicate;
        }

        if (sequence <= expected) return EbtVerdict.Duplicate;
        if (sequence == expected + 1) return EbtVerdict.Next;
        bool mayAsk = state.GapAsked is not { } last || now - last >= StallAfter;
        if (mayAsk && state.Receive)
        {
            state.GapAsked = now;
            at.Notes[feed] = new EbtNote(own, true);
        }

        return EbtVerdict.Gap;
    }

    /// <summary>A message is in the log: it goes to the peers that want it, others learn of it.</summary>
    public void Stored(string feed, long sequence)
    {
        if (sequence <= Have(feed)) return;
        _have[feed] = sequence;
        if (!_wanted.Contains(feed)) return;
        foreach ((int peer, EbtPeer at) in _peers)
        {
            if (!at.HasStarted || !IsShared(at, feed)) continue;
            bool isKnown = at.Feeds.TryGetValue(feed, out EbtFeed? state);
            if (isKnown && state!.Transmit && state.Sent >= 0)
            {
                if (state.Sent < sequence) at.Enqueue(feed, state);
                continue;
            }

            // A peer that refused an empty feed may follow it meanwhile. EBT 7 is silent then, because 0 equals 0.
            bool isRefused = at.ClockOf(feed) < 0 && !at.IsEmptyFor(feed);
            if (isRefused || at.ClockOf(feed) >= sequence) continue;
            if (isKnown) Stop(peer, at, feed, state!);
            else at.Notes[feed] = new EbtNote(sequence, false);
        }
    }

    /// <summary>Sets which feeds to replicate; the own feed is always one.</summary>
    public void SetWanted(IReadOnlySet<string> feeds)
    {
        string[] gone = [.. _wanted.Where(feed => feed != self && !feeds.Contains(feed))];
        string[] added = [.. feeds.Where(feed => !_wanted.Contains(feed))];
        foreach (string feed in gone)
        {
            _wanted.Remove(feed);
            _askedOf.Remove(feed);
            foreach (EbtPeer at in _peers.Values) at.Withdraw(feed);
        }

        foreach (string feed in added)
        {
            _wanted.Add(feed);
            foreach ((int peer, EbtPeer at) in _peers)
            {
                if (at.HasStarted) Introduce(peer, at, feed);
            }
        }
    }

    /// <summary>Sets who blocks whom: a feed is neither given to nor asked of a peer that its author blocks.</summary>
    public void SetBlocks(IEnumerable<(string From, string To)> edges)
    {
        _blocks.Clear();
        _blocks.UnionWith(edges);
        foreach ((int peer, EbtPeer at) in _peers)
        {
            foreach (string feed in at.Feeds.Keys.ToArray())
            {
                bool isOpen = at.Feeds[feed] is { Transmit: true } or { Receive: true };
                if (isOpen && _wanted.Contains(feed) && !IsShared(at, feed)) Refuse(peer, at, feed, at.Feeds[feed]);
            }
        }
    }

    /// <summary>True when an edge of the graph blocks.</summary>
    public bool IsBlocked(string from, string to) => _blocks.Contains((from, to));

    /// <summary>Takes the notes that wait for a peer, at most so many; null for none.</summary>
    public Dictionary<string, EbtNote>? TakeNotes(int peer, int most)
    {
        if (!_peers.TryGetValue(peer, out EbtPeer? at) || at.IsMuted || at.Notes.Count == 0) return null;
        Dictionary<string, EbtNote> taken = new(StringComparer.Ordinal);
        foreach ((string feed, EbtNote note) in at.Notes.Take(most)) taken[feed] = note;
        foreach ((string feed, EbtNote note) in taken)
        {
            at.Notes.Remove(feed);
            if (at.Feeds.TryGetValue(feed, out EbtFeed? state)) state.Announced = note.Sequence;
        }

        return taken;
    }

    /// <summary>Takes the next messages to send to a peer, all of one feed; null when there are none.</summary>
    public EbtSend? TakeSend(int peer, int most)
    {
        if (!_peers.TryGetValue(peer, out EbtPeer? at) || at.IsMuted) return null;
        while (at.ToSend.TryDequeue(out string? feed))
        {
            if (!at.Feeds.TryGetValue(feed, out EbtFeed? state)) continue;
            state.IsQueued = false;
            long own = Have(feed);
            if (!state.Transmit || state.Sent >= own || !IsShared(at, feed)) continue;
            long first = state.Sent + 1, last = Math.Min(own, state.Sent + most);
            state.Sent = last;
            if (last < own) at.Enqueue(feed, state);
            return new EbtSend(feed, first, last);
        }

        return null;
    }

    /// <summary>Messages of wanted feeds that peers claim and the log lacks.</summary>
    public long Behind() => _wanted.Sum(feed =>
        Math.Max(0, _peers.Values.Select(at => at.ClockOf(feed)).DefaultIfEmpty().Max() - Have(feed)));

    /// <summary>True when notes or messages wait for a peer.</summary>
    public bool HasWork(int peer) =>
        _peers.TryGetValue(peer, out EbtPeer? at) && !at.IsMuted && (at.Notes.Count > 0 || at.ToSend.Count > 0);

    /// <summary>Messages could not be read and are to be sent later.</summary>
    public void SendLater(int peer, EbtSend send)
    {
        if (!_peers.TryGetValue(peer, out EbtPeer? at) || !at.Feeds.TryGetValue(send.Feed, out EbtFeed? state)) return;
        state.Sent = Math.Min(state.Sent, send.First - 1);
        at.Enqueue(send.Feed, state);
    }

    /// <summary>Sends nothing more of a feed to a peer until it asks again.</summary>
    public void StopSending(int peer, string feed)
    {
        if (_peers.TryGetValue(peer, out EbtPeer? at) && at.Feeds.TryGetValue(feed, out EbtFeed? state)) state.Transmit = false;
    }

    private void Introduce(int peer, EbtPeer at, string feed)
    {
        if (!IsShared(at, feed)) return;
        bool isKnown = at.Clock.TryGetValue(feed, out long clock);
        if (isKnown && (clock == -1 || clock == Have(feed))) return;
        if (!at.Feeds.TryGetValue(feed, out EbtFeed? state)) at.Feeds[feed] = state = new EbtFeed { Sent = clock };
        state.Receive = _askedOf.TryAdd(feed, peer) || _askedOf[feed] == peer;
        at.Notes[feed] = new EbtNote(Have(feed), state.Receive);
    }

    private bool IsShared(EbtPeer at, string feed) =>
        _wanted.Contains(feed) && !at.Rejected.Contains(feed) && !_blocks.Contains((feed, at.Id));

    private void Refuse(int peer, EbtPeer at, string feed, EbtFeed? state)
    {
        bool isNew = state is null;
        state ??= at.Feeds[feed] = new EbtFeed();
        bool wasOpen = state.Transmit || state.Receive;
        state.Transmit = state.Receive = false;
        if (_askedOf.GetValueOrDefault(feed, -1) == peer) _askedOf.Remove(feed);
        if (isNew || wasOpen) at.Notes[feed] = EbtNote.Refusal;
    }
}
