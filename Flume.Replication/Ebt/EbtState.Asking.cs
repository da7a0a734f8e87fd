namespace Flume.Replication.Ebt;

/// <summary>The selection of the peer to request a feed from.</summary>
internal sealed partial class EbtState
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RepeatMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RepeatCheckEvery = TimeSpan.FromSeconds(5);

    private TimeSpan _repeatCheckAt;

    /// <summary>
    /// Requests the feeds of stalled peers from other peers, and repeats notes to peers that are behind.
    /// </summary>
    public void Tick(TimeSpan now)
    {
        RepeatNotes(now);
        foreach ((int peer, EbtPeer at) in _peers.ToArray())
        {
            if (now - at.Heard < StallAfter) continue;
            foreach ((string feed, EbtFeed state) in at.Feeds)
            {
                if (!state.Receive) continue;
                if (_peers.Any(other => other.Key != peer && CanOffer(other.Value, feed)))
                {
                    Stop(peer, at, feed, state);
                    if (AskNext(feed, after: peer) is { } next) next.Heard = now;
                }
                else if (CanOffer(at, feed))
                {
                    // Messages were lost before the append, and no other peer has them.
                    at.Notes[feed] = new EbtNote(Have(feed), true);
                }
            }

            at.Heard = now;
        }
    }

    /// <summary>Repeats the note of a feed to a peer that is behind and does not request it.</summary>
    /// <remarks>
    /// EBT 7 does not request a feed that it begins to follow after it refused the note. It requests the
    /// feed when it gets a note again.
    /// </remarks>
    private void RepeatNotes(TimeSpan now)
    {
        if (now < _repeatCheckAt) return;
        _repeatCheckAt = now + RepeatCheckEvery;
        foreach (EbtPeer at in _peers.Values.Where(at => at is { HasStarted: true, IsMuted: false }))
        {
            foreach ((string feed, EbtFeed state) in at.Feeds)
            {
                bool isBehind = state is { Announced: >= 0, Transmit: false } && at.ClockOf(feed) < Have(feed);
                if (!isBehind || !IsShared(at, feed)) continue;
                state.RepeatAt ??= now + RepeatAfter;
                if (now < state.RepeatAt) continue;
                at.Notes[feed] = new EbtNote(Have(feed), state.Receive);
                TimeSpan wait = RepeatAfter * Math.Pow(2, Math.Min(++state.Repeats, 10));
                state.RepeatAt = now + (wait < RepeatMax ? wait : RepeatMax);
            }
        }
    }

    /// <summary>
    /// Handles a forked or forged message of a peer. The feed is not requested again on this connection.
    /// </summary>
    public void Reject(int peer, string feed)
    {
        if (!_peers.TryGetValue(peer, out EbtPeer? at) || !at.Rejected.Add(feed)) return;
        if (at.Feeds.TryGetValue(feed, out EbtFeed? state)) state.Receive = state.Transmit = false;
        at.Notes[feed] = EbtNote.Refusal;
        if (_askedOf.GetValueOrDefault(feed, -1) != peer) return;
        _askedOf.Remove(feed);
        AskNext(feed, after: peer);
    }

    /// <summary>
    /// How many feeds a peer exchanges, how many of them are behind what it announced, and by how many messages.
    /// </summary>
    public (int Feeds, int FeedsBehind, long MessagesBehind) StandingOf(string id)
    {
        if (_peers.Values.LastOrDefault(peer => peer.Id == id) is not { } at) return default;
        int feeds = 0, behind = 0;
        long messages = 0;
        foreach (string feed in _wanted)
        {
            long clock = at.ClockOf(feed), missing = clock - Have(feed);
            if (clock >= 0 && at.Clock.ContainsKey(feed)) feeds++;
            if (missing <= 0) continue;
            behind++;
            messages += missing;
        }

        return (feeds, behind, messages);
    }

    private bool CanOffer(EbtPeer at, string feed) => IsShared(at, feed) && at.ClockOf(feed) > Have(feed);

    /// <summary>
    /// Requests a feed from a peer if no peer is asked, or if it has more than the asked peer.
    /// </summary>
    private bool TryAsk(int peer, string feed, long claimed)
    {
        if (_askedOf.TryGetValue(feed, out int other) && other != peer
            && _peers.TryGetValue(other, out EbtPeer? holder))
        {
            if (claimed <= holder.ClockOf(feed)) return false;
            if (holder.Feeds.TryGetValue(feed, out EbtFeed? state)) Stop(other, holder, feed, state);
        }

        _askedOf[feed] = peer;
        return true;
    }

    /// <summary>Requests a feed from the next peer, in rotation, that has more messages. Returns that peer.</summary>
    private EbtPeer? AskNext(string feed, int after)
    {
        (int Key, EbtPeer Value)[] able =
            [.. _peers.Where(other => other.Key != after && CanOffer(other.Value, feed)).Select(o => (o.Key, o.Value))];
        if (able.Length == 0) return null;
        Array.Sort(able, static (a, b) => a.Key.CompareTo(b.Key));
        (int peer, EbtPeer at) =
            Array.Find(able, other => other.Key > after) is { Value: not null } next ? next : able[0];
        if (!at.Feeds.TryGetValue(feed, out EbtFeed? state))
            at.Feeds[feed] = state = new EbtFeed { Sent = at.ClockOf(feed) };
        state.Receive = true;
        _askedOf[feed] = peer;
        at.Notes[feed] = new EbtNote(Have(feed), true);
        return at;
    }

    private void Stop(int peer, EbtPeer at, string feed, EbtFeed state)
    {
        state.Receive = false;
        if (_askedOf.GetValueOrDefault(feed, -1) == peer) _askedOf.Remove(feed);
        at.Notes[feed] = new EbtNote(Have(feed), false);
    }

    /// <summary>Moves the requested feeds of a stream to a newer stream of the same peer.</summary>
    private void Mute(int peer, EbtPeer at)
    {
        at.IsMuted = true;
        foreach ((string feed, EbtFeed state) in at.Feeds)
        {
            state.Receive = false;
            if (_askedOf.GetValueOrDefault(feed, -1) == peer) _askedOf.Remove(feed);
        }
    }
}
