using System.IO.Pipelines;
using Flume.Muxrpc.Calls;
using Flume.TestKit;

namespace Flume.Muxrpc.Tests;

/// <summary>A hand-driven peer over memory, and the connection that serves it.</summary>
internal sealed class OnePeer : PacketPeer, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _served;

    public OnePeer(IRpcService service)
        : this(service, new Pipe(), new Pipe())
    {
    }

    private OnePeer(IRpcService service, Pipe toServer, Pipe toPeer)
        : base(toPeer.Reader, toServer.Writer)
    {
        Connection = new MuxrpcConnection(
            new Duplex(toServer.Reader, toPeer.Writer), service, new RpcLimits(1 << 20, 100, 100));
        _served = Connection.RunAsync(_stop.Token);
    }

    public MuxrpcConnection Connection { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _served.WaitAsync(Patience);
        Connection.Dispose();
        _stop.Dispose();
    }
}
