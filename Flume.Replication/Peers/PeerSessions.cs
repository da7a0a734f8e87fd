using System.Collections.Concurrent;
using Flume.Muxrpc.Calls;

namespace Flume.Replication.Peers;

/// <summary>The open connections of one identity.</summary>
internal sealed class PeerSessions
{
    private readonly ConcurrentDictionary<PeerSession, OpenSession> _open = new();
    private long _received;
    private long _sent;

    /// <summary>Every open connection with its start time.</summary>
    public IReadOnlyCollection<KeyValuePair<PeerSession, DateTimeOffset>> All =>
        [.. _open.Select(static one => KeyValuePair.Create(one.Key, one.Value.Since))];

    /// <summary>The time of the last end of a connection, or of the start; null while connected.</summary>
    public DateTimeOffset? AloneSince { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>The bytes of all packets since the start, received and sent.</summary>
    public (long Received, long Sent) Bytes => (
        _received + _open.Values.Sum(static one => one.Connection.BytesReceived),
        _sent + _open.Values.Sum(static one => one.Connection.BytesSent));

    /// <summary>The bytes of the packets of one connection, received and sent.</summary>
    public (long Received, long Sent) BytesOf(PeerSession session) => _open.TryGetValue(session, out OpenSession? open)
        ? (open.Connection.BytesReceived, open.Connection.BytesSent)
        : default;

    /// <summary>True if a connection to the peer is open.</summary>
    public bool IsConnected(string remote) => _open.Keys.Any(session => session.Remote == remote);

    /// <summary>Closes the connections that a condition selects. Returns their number.</summary>
    public int Disconnect(Func<PeerSession, bool> isMeant)
    {
        KeyValuePair<PeerSession, OpenSession>[] meant = [.. _open.Where(one => isMeant(one.Key))];
        foreach ((_, OpenSession open) in meant) open.End();
        return meant.Length;
    }

    /// <summary>Serves a connection and replicates over it until it ends.</summary>
    public async Task RunAsync(PeerSession session, MuxrpcConnection connection, CancellationToken stop)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        OpenSession open = new(connection, ends, DateTimeOffset.UtcNow);
        _open[session] = open;
        AloneSince = null;
        Task replicating = session.RunAsync(connection);
        try
        {
            await connection.RunAsync(ends.Token).ConfigureAwait(false);
        }
        finally
        {
            open.Close();
            Interlocked.Add(ref _received, connection.BytesReceived);
            Interlocked.Add(ref _sent, connection.BytesSent);
            _open.TryRemove(session, out _);
            if (_open.IsEmpty) AloneSince = DateTimeOffset.UtcNow;
            await replicating.ConfigureAwait(false);
        }
    }

    /// <summary>One open connection.</summary>
    private sealed class OpenSession(MuxrpcConnection connection, CancellationTokenSource ends, DateTimeOffset since)
    {
        private readonly Lock _gate = new();
        private bool _isClosed;

        public MuxrpcConnection Connection => connection;

        public DateTimeOffset Since => since;

        public void End()
        {
            lock (_gate)
            {
                if (!_isClosed) ends.CancelAsync();
            }
        }

        public void Close()
        {
            lock (_gate) _isClosed = true;
        }
    }
}
