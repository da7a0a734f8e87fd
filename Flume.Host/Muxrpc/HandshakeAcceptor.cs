using System.Collections.Immutable;
using System.Net;
using Flume.Host.Logging;
using Flume.Host.Metrics;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Handshake;
using Flume.Muxrpc.Transports;
using Flume.Replication;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flume.Host.Muxrpc;

/// <summary>Accepts peers that pass a secret handshake with one of the identities, and serves them.</summary>
/// <remarks>Strangers have a limit of their own, so they do not exclude the owner.</remarks>
internal sealed class HandshakeAcceptor(
    MuxrpcSettings settings, MethodResolver methods, ReplicationService? replication)
{
    private readonly MuxrpcSettings _settings = settings;
    private readonly PendingHandshakes _pending = new(Math.Max(1, settings.ConnectionsMax / 4));
    private ImmutableArray<IIdentity> _identities = [];
    private int _strangers;

    /// <summary>Receives a line for each connection, at its start and its end.</summary>
    public ILogger Audit { get; set; } = NullLogger.Instance;

    /// <summary>Accepts handshakes with one more identity. Ignores an identity without keys.</summary>
    public void Add(IIdentity identity)
    {
        if (identity.Keys is null) return;
        ImmutableInterlocked.Update(ref _identities, static (all, one) => all.Add(one), identity);
    }

    /// <summary>Serves one connection to its end. Closes it without an answer if the handshake fails.</summary>
    public async Task ReceiveAsync(ConnectionContext connection, CancellationToken stop)
    {
        ImmutableArray<IIdentity> present = _identities;
        Admission admission = new(this);
        Action? ended = null;
        try
        {
            HandshakeResult? passed = await ShakeAsync(connection, present, admission, stop).ConfigureAwait(false);
            if (passed is null) return;
            IIdentity identity = present.First(one => one.Keys == passed.Identity);
            await using BoxStream stream = new(
                connection.Transport, passed.Keys, connection.ConnectionClosed, QuickAck.Of(connection));
            Caller caller = new(identity, !admission.IsStranger);
            RpcLimits limits = caller.IsOwner ? _settings.Owners : _settings.Strangers;
            string remote = Ref.Feed(passed.Keys.Peer), place = $"{connection.RemoteEndPoint}";
            ServiceLines.Connected(Audit, remote, place, identity.Name, caller.IsOwner ? "owner" : "peer");
            IDisposable counted = MuxrpcMetrics.Connect(caller.IsOwner);
            ended = () =>
            {
                counted.Dispose();
                ServiceLines.Disconnected(Audit, remote, place, identity.Name);
            };
            if (!caller.IsOwner && replication?.Of(identity.Name) is { } hosted)
            {
                string address = $"{Place(connection.RemoteEndPoint)}~shs:{Convert.ToBase64String(passed.Keys.Peer)}";
                if (hosted.Accept(passed.Keys.Peer, address) is { } session)
                    await ReplicateAsync(stream, hosted, session, stop).ConfigureAwait(false);
                return;
            }

            using MuxrpcConnection served = new(stream, new ApiRpcService(caller, methods), limits);
            await served.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            admission.End();
            ended?.Invoke();
        }
    }

    private static string Place(EndPoint? remote) =>
        remote is IPEndPoint place ? MultiserverAddress.Net(place) : $"net:{remote}";

    private static async Task ReplicateAsync(
        BoxStream stream, ReplicationService.Hosted hosted, PeerSession session, CancellationToken stop)
    {
        using MuxrpcConnection peer = new(
            stream, new PeerRpcService(session, hosted.Binding.Table), hosted.Replication.Settings.Limits);
        await hosted.Binding.Sessions.RunAsync(session, peer, stop).ConfigureAwait(false);
    }

    /// <summary>True when the identity blocks the peer.</summary>
    private bool Blocks(FeedKeys identity, string remote)
    {
        IIdentity? hosted = _identities.FirstOrDefault(one => one.Keys == identity);
        return hosted is not null && replication?.Of(hosted.Name)?.Replication.Blocks(remote) == true;
    }

    private async Task<HandshakeResult?> ShakeAsync(
        ConnectionContext connection, ImmutableArray<IIdentity> present, Admission admission, CancellationToken stop)
    {
        using IDisposable pending = _pending.Begin(connection);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_settings.HandshakeWithin);
        FeedKeys[] keys = [.. present.Select(identity => identity.Keys!)];
        ServerHandshake handshake = new(_settings.Network, keys, admission.Admit);
        return await handshake.RunAsync(connection.Transport, patience.Token).ConfigureAwait(false);
    }

    /// <summary>One connection's place among the strangers, if it is one.</summary>
    private sealed class Admission(HandshakeAcceptor acceptor)
    {
        public bool IsStranger { get; private set; }

        public bool Admit(FeedKeys identity, ReadOnlyMemory<byte> peer)
        {
            if (peer.Span.SequenceEqual(identity.PublicKey.Span)) return true;
            if (acceptor._settings.Masters.Contains(Ref.Feed(peer.Span))) return true;
            if (acceptor.Blocks(identity, Ref.Feed(peer.Span))) return false;
            IsStranger = true;
            return Interlocked.Increment(ref acceptor._strangers) <= acceptor._settings.StrangersMax;
        }

        public void End()
        {
            if (IsStranger) Interlocked.Decrement(ref acceptor._strangers);
        }
    }
}
