using System.IO.Pipelines;
using Flume.Host.Muxrpc;
using Flume.Muxrpc.Calls;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>A client over memory, with a connection that serves it the methods of a test.</summary>
internal sealed class MuxrpcPeer : PacketPeer, IAsyncDisposable
{
    private readonly Pipe _toServer;
    private readonly Pipe _toPeer;
    private readonly CancellationTokenSource _stop = new();
    private readonly MuxrpcConnection _connection;

    public MuxrpcPeer(
        IReadOnlyList<ApiMethod> methods, RpcLimits? limits = null, bool isOwner = true, PipeOptions? toPeer = null)
        : this(new Pipe(), new Pipe(toPeer ?? PipeOptions.Default))
    {
        _connection = new MuxrpcConnection(
            new Duplex(_toServer.Reader, _toPeer.Writer),
            new ApiRpcService(
                new Caller(ClosedIdentity.Instance, isOwner), new MethodResolver(new ApiTable(methods))),
            limits ?? new RpcLimits(1 << 20, 100, 100));
        Served = ServeAsync();
    }

    private MuxrpcPeer(Pipe toServer, Pipe toPeer)
        : base(toPeer.Reader, toServer.Writer)
    {
        _toServer = toServer;
        _toPeer = toPeer;
        _connection = null!;
        Served = Task.CompletedTask;
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Served { get; }

    /// <summary>Stops the service.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Waits for the connection to end by itself.</summary>
    public Task EndedAsync() => Served.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _stop.CancelAsync();
        await _toPeer.Reader.CompleteAsync();
        await EndedAsync();
    }

    private async Task ServeAsync()
    {
        await _connection.RunAsync(_stop.Token);
        await _toPeer.Writer.CompleteAsync();
        _connection.Dispose();
    }
}
