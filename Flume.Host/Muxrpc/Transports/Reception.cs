using System.Collections.Immutable;
using Flume.Host.Muxrpc.Calls;
using Flume.Host.Muxrpc.Handshake;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Microsoft.AspNetCore.Connections;

namespace Flume.Host.Muxrpc.Transports;

/// <summary>Lets peers in that pass a secret handshake with one of the identities, and serves them.</summary>
/// <remarks>Strangers have places of their own, so that they can't shut out the owner.</remarks>
internal sealed class Reception(MuxrpcSettings settings, MethodBook methods)
{
    private readonly MuxrpcSettings settings = settings;
    private ImmutableArray<IIdentity> identities = [];
    private int strangers;

    /// <summary>Answers for one more identity, when it has keys to prove that it is itself.</summary>
    public void Add(IIdentity identity)
    {
        if (identity.Keys is null) return;
        ImmutableInterlocked.Update(ref identities, static (all, one) => all.Add(one), identity);
    }

    /// <summary>Serves one connection to its end; one that does not pass is closed without a word.</summary>
    public async Task ReceiveAsync(ConnectionContext connection, CancellationToken stop)
    {
        ImmutableArray<IIdentity> present = identities;
        Visit visit = new(this);
        try
        {
            HandshakeResult? passed = await ShakeAsync(connection, present, visit, stop).ConfigureAwait(false);
            if (passed is null) return;
            IIdentity identity = present.First(one => one.Keys == passed.Identity);
            await using BoxStream stream = new(
                connection.Transport, passed.Keys, connection.ConnectionClosed, QuickAck.Of(connection));
            Caller caller = new(identity, !visit.IsStranger);
            RpcLimits limits = caller.IsOwner ? settings.Owners : settings.Strangers;
            using MuxrpcConnection served = new(stream, caller, methods, limits);
            await served.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            visit.End();
        }
    }

    private async Task<HandshakeResult?> ShakeAsync(
        ConnectionContext connection, ImmutableArray<IIdentity> present, Visit visit, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(settings.HandshakeWithin);
        FeedKeys[] keys = [.. present.Select(identity => identity.Keys!)];
        ServerHandshake handshake = new(settings.Network, keys, visit.Admit);
        return await handshake.RunAsync(connection.Transport, patience.Token).ConfigureAwait(false);
    }

    /// <summary>One connection's place among the strangers, if it is one.</summary>
    private sealed class Visit(Reception reception)
    {
        public bool IsStranger { get; private set; }

        public bool Admit(FeedKeys identity, ReadOnlyMemory<byte> peer)
        {
            if (peer.Span.SequenceEqual(identity.PublicKey.Span)) return true;
            if (reception.settings.Masters.Contains(Ref.Feed(peer.Span))) return true;
            IsStranger = true;
            return Interlocked.Increment(ref reception.strangers) <= reception.settings.StrangersMax;
        }

        public void End()
        {
            if (IsStranger) Interlocked.Decrement(ref reception.strangers);
        }
    }
}
