using System.Collections.Concurrent;
using Flume.Muxrpc.Calls;

namespace Flume.Replication.Peers;

/// <summary>The open connections of one identity.</summary>
internal sealed class PeerSessions
{
    private readonly ConcurrentDictionary<PeerSession, DateTimeOffset> _open = new();

    /// <summary>Every open connection with its start time.</summary>
    public IReadOnlyCollection<KeyValuePair<PeerSession, DateTimeOffset>> All => [.. _open];

    /// <summary>Serves a connection and replicates over it until it ends.</summary>
    public async Task RunAsync(PeerSession session, MuxrpcConnection connection, CancellationToken stop)
    {
        _open[session] = DateTimeOffset.UtcNow;
        Task replicating = session.RunAsync(connection);
        try
        {
            await connection.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _open.TryRemove(session, out _);
            await replicating.ConfigureAwait(false);
        }
    }
}
