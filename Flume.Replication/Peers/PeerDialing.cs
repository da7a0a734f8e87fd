using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Ssb.Messages;

namespace Flume.Replication.Peers;

/// <summary>Dials for one identity, and serves the connection as one that came in.</summary>
/// <param name="dialer">Opens connections.</param>
/// <param name="keys">The identity's keys.</param>
/// <param name="replication">The identity's replication.</param>
/// <param name="service">What a peer can call, which is what strangers can, and what it may take.</param>
internal sealed class PeerDialing(
    Dialer dialer, FeedKeys keys, IdentityReplication replication, PeerBinding service)
{
    /// <summary>The wait before the first new attempt.</summary>
    public TimeSpan RetryAfter => replication.Settings.RetryAfter;

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">The peer can't be reached, or may not be.</exception>
    public Task<DialedConnection> DialAsync(MultiserverAddress address, CancellationToken cancel)
    {
        string remote = Ref.Feed(address.Key!.Value.Span);
        return replication.Blocks(remote)
            ? throw new IOException($"client is blocked: {remote}")
            : dialer.DialAsync(address, keys, cancel);
    }

    /// <summary>Replicates over a connection until it ends.</summary>
    public async Task RunAsync(DialedConnection dialled, CancellationToken cancel)
    {
        await using (dialled.ConfigureAwait(false))
        {
            PeerSession session = new(
                replication, Ref.Feed(dialled.Address.Key!.Value.Span), dialled.Address.ToString(), isClient: true);
            using MuxrpcConnection connection = new(
                dialled.Pipe, new PeerRpcService(session, service.Table), replication.Settings.Limits);
            using CancellationTokenSource ends =
                CancellationTokenSource.CreateLinkedTokenSource(cancel, dialled.Closed);
            await service.Sessions.RunAsync(session, connection, ends.Token).ConfigureAwait(false);
        }
    }
}

/// <summary>What the connections of one identity share.</summary>
/// <param name="Table">What strangers can call.</param>
/// <param name="Sessions">The connections that are open.</param>
internal sealed record PeerBinding(IRpcService Table, PeerSessions Sessions);
