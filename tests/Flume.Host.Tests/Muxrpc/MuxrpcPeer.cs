using System.IO.Pipelines;
using Flume.Host.Muxrpc.Calls;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>A client over memory, with a connection that serves it the methods of a test.</summary>
internal sealed class MuxrpcPeer : PacketPeer, IAsyncDisposable
{
    private readonly Pipe toServer;
    private readonly Pipe toPeer;
    private readonly CancellationTokenSource stop = new();
    private readonly MuxrpcConnection connection;

    public MuxrpcPeer(
        IReadOnlyList<ApiMethod> methods, RpcLimits? limits = null, bool isOwner = true, PipeOptions? toPeer = null)
        : this(new Pipe(), new Pipe(toPeer ?? PipeOptions.Default))
    {
        connection = new MuxrpcConnection(
            new Duplex(toServer.Reader, this.toPeer.Writer),
            new Caller(ClosedIdentity.Instance, isOwner),
            new MethodBook(new ApiTable(methods)),
            limits ?? new RpcLimits(1 << 20, 100, 100));
        Served = ServeAsync();
    }

    private MuxrpcPeer(Pipe toServer, Pipe toPeer)
        : base(toPeer.Reader, toServer.Writer)
    {
        this.toServer = toServer;
        this.toPeer = toPeer;
        connection = null!;
        Served = Task.CompletedTask;
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Served { get; }

    /// <summary>Stops the service.</summary>
    public Task StopAsync() => stop.CancelAsync();

    /// <summary>Waits for the connection to end by itself.</summary>
    public Task EndedAsync() => Served.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await toServer.Writer.CompleteAsync();
        await stop.CancelAsync();
        await toPeer.Reader.CompleteAsync();
        await EndedAsync();
    }

    private async Task ServeAsync()
    {
        await connection.RunAsync(stop.Token);
        await toPeer.Writer.CompleteAsync();
        connection.Dispose();
    }
}
