namespace Flume.Replication.Ebt;

/// <summary>Which peer is asked for a feed.</summary>
internal sealed partial class EbtState
{
    /// <summary>Moves feeds away from peers that stall.</summary>
    public void Tick(TimeSpan now)
    {
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
                    // Messages were lost on their way into the log, and nobody else has them.
                    at.Notes[feed] = new EbtNote(Have(feed), true);
                }
            }

            at.Heard = now;
        }
    }

    /// <summary>
    /// The peer sent what is no part of the feed (a fork or a forgery): it is not asked for the feed on this connection.
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

    private bool CanOffer(EbtPeer at, string feed) => IsShared(at, feed) && at.ClockOf(feed) > Have(feed);


    /// <summary>Makes a peer the one that is asked, when nobody is or it is further ahead than who is.</summary>
    private bool TryAsk(int peer, string feed, long claimed)
    {
        if (_askedOf.TryGetValue(feed, out int other) && other != peer && _peers.TryGetValue(other, out EbtPeer? holder))
        {
            if (claimed <= holder.ClockOf(feed)) return false;
            if (holder.Feeds.TryGetValue(feed, out EbtFeed? state)) Stop(other, holder, feed, state);
        }

        _askedOf[feed] = peer;
        return true;
    }

    /// <summary>Asks the next peer in rotation that has more; returns it.</summary>
    private EbtPeer? AskNext(string feed, int after)
    {
        (int Key, EbtPeer Value)[] able =
            [.. _peers.Where(other => other.Key != after && CanOffer(other.Value, feed)).Select(o => (o.Key, o.Value))];
        if (able.Length == 0) return null;
        Array.Sort(able, static (a, b) => a.Key.CompareTo(b.Key));
        (int peer, EbtPeer at) = Array.Find(able, other => other.Key > after) is { Value: not null } next ? next : able[0];
        if (!at.Feeds.TryGetValue(feed, out EbtFeed? state)) at.Feeds[feed] = state = new EbtFeed { Sent = at.ClockOf(feed) };
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

    /// <summary>A newer stream of the same peer takes over what this one was asked for.</summary>
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
