using Flume.Query.Json;
using Flume.Replication.Feeds;
using Flume.Ssb.Api;

namespace Flume.Replication.Peers;

/// <summary>The timer of an identity's replication, its follow graph, and refused messages.</summary>
internal sealed partial class IdentityReplication
{
    private async Task TickAsync()
    {
        using PeriodicTimer timer = new(TickEvery, _time);
        TimeSpan saved = Now;
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            if (_isGraphStale) await ReadGraphAsync(_stop.Token).ConfigureAwait(false);
            lock (_gate) _state.Tick(Now);
            SignalAll();
            if (Now - saved < SaveEvery) continue;
            saved = Now;
            Save();
        }
    }

    private void Save()
    {
        foreach ((int peer, (string remote, _)) in _sessions) _clocks.Write(remote, ClockOf(peer));
    }

    private IReadOnlyDictionary<string, long> ClockOf(int peer)
    {
        lock (_gate) return _state.ClockOf(peer);
    }

    private async ValueTask ReadGraphAsync(CancellationToken cancel)
    {
        _isGraphStale = false;
        try
        {
            ReplicateSet set = await Store.ReplicateSetAsync(Settings.Hops, cancel).ConfigureAwait(false);
            lock (_gate)
            {
                _state.SetBlocks(set.Blocks);
                _state.SetWanted(set.Feeds);
            }

            GraphChanged?.Invoke();
        }
        catch (Exception error) when (error is ReadRejectedException or IdentityRejectedException)
        {
            _isGraphStale = true;
        }
    }

    private void OnRejected(RejectedMessage rejected)
    {
        ReceivedMessage message = rejected.Message;
        Forks.Add(message.Author, new Fork(
            message.Sequence, rejected.Ours, rejected.Problem.Reason, message.Value.ToJson()));
        lock (_gate) _state.Reject(message.Peer, message.Author);
        SignalAll();
    }
}
