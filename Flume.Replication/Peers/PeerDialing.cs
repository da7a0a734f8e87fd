using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Replication.Addresses;
using Flume.Ssb.Messages;

namespace Flume.Replication.Peers;

/// <summary>Dials for one identity and serves the connection like an incoming one.</summary>
/// <param name="dialer">Opens connections.</param>
/// <param name="keys">The identity's keys.</param>
/// <param name="replication">The identity's replication.</param>
/// <param name="service">The methods that a peer can call, and its limits.</param>
internal sealed class PeerDialing(
    Dialer dialer, FeedKeys keys, IdentityReplication replication, PeerBinding service)
{
    /// <summary>The delay before the first retry.</summary>
    public TimeSpan RetryAfter => replication.Settings.RetryAfter;

    /// <summary>The identity's settings.</summary>
    public ReplicationSettings Settings => replication.Settings;

    /// <summary>The addresses that the identity knows.</summary>
    public AddressBook Book => service.Book;

    /// <summary>True for the feed id of another identity of this process. Its link needs no dial.</summary>
    public Func<string, bool> IsLocal { get; init; } = static _ => false;

    /// <summary>True if a peer is neither blocked nor connected already.</summary>
    public bool MayDial(string remote) =>
        !IsLocal(remote) && !replication.Blocks(remote) && !service.Sessions.IsConnected(remote);

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">The peer cannot be reached, or is blocked.</exception>
    public async Task<DialedConnection> DialAsync(MultiserverAddress address, CancellationToken cancel)
    {
        string remote = Ref.Feed(address.Key!.Value.Span);
        if (IsLocal(remote))
            throw new IOException($"{remote} is an identity of this process; the local link replicates with it");
        if (replication.Blocks(remote)) throw new IOException($"client is blocked: {remote}");
        return await dialer.DialAsync(address, keys, cancel).ConfigureAwait(false);
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

/// <summary>The shared state of an identity's connections.</summary>
/// <param name="Table">The methods that any peer can call.</param>
/// <param name="Sessions">The open connections.</param>
/// <param name="Book">The known addresses.</param>
internal sealed record PeerBinding(IRpcService Table, PeerSessions Sessions, AddressBook Book);
