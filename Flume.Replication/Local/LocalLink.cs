using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Replication.Peers;

namespace Flume.Replication.Local;

/// <summary>A connection between two identities of this process: the same protocols without a socket.</summary>
/// <param name="left">The identity that takes the role of the client.</param>
/// <param name="right">The other identity.</param>
internal sealed class LocalLink(ReplicationService.Hosted left, ReplicationService.Hosted right)
{
    /// <summary>The transport in the address of a local peer.</summary>
    public const string Transport = "local-process";

    /// <summary>True while one side replicates the other's feed and neither blocks the other.</summary>
    public bool ShouldRun
    {
        get
        {
            string a = left.Replication.Store.Self, b = right.Replication.Store.Self;
            bool isWanted = left.Replication.Read(state => state.Wanted.Contains(b))
                || right.Replication.Read(state => state.Wanted.Contains(a));
            return isWanted && !left.Replication.Blocks(b) && !right.Replication.Blocks(a);
        }
    }

    /// <summary>Replicates until one side ends, or until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        (MemoryConnection a, MemoryConnection b) = MemoryConnection.Pair();
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task leftSide = ServeAsync(left, right.Replication.Store.Self, (a, true), ends);
        Task rightSide = ServeAsync(right, left.Replication.Store.Self, (b, false), ends);
        await Task.WhenAll(leftSide, rightSide).ConfigureAwait(false);
    }

    private static async Task ServeAsync(
        ReplicationService.Hosted own, string remote, (MemoryConnection Pipe, bool IsClient) end,
        CancellationTokenSource ends)
    {
        PeerSession session = new(own.Replication, remote, $"{Transport}:{remote}", end.IsClient);
        using MuxrpcConnection connection = new(
            end.Pipe, new PeerRpcService(session, own.Binding.Table), own.Replication.Settings.Limits);
        try
        {
            await own.Binding.Sessions.RunAsync(session, connection, ends.Token).ConfigureAwait(false);
        }
        finally
        {
            await end.Pipe.CloseAsync().ConfigureAwait(false);
            await ends.CancelAsync().ConfigureAwait(false);
        }
    }
}
