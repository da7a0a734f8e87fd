using Flume.Muxrpc.Calls;
using Flume.Query.Json;
using Flume.TestKit;

namespace Flume.Muxrpc.Tests;

/// <summary>Two connections over memory, each the other's peer.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Duplex _leftPipe;
    private readonly Duplex _rightPipe;
    private readonly Task[] _running;

    public RpcPair(IRpcService left, IRpcService right)
    {
        (_leftPipe, _rightPipe) = Duplex.Pair();
        RpcLimits limits = new(1 << 20, 100, 100);
        Left = new MuxrpcConnection(_leftPipe, left, limits);
        Right = new MuxrpcConnection(_rightPipe, right, limits);
        _running = [RunAsync(Left, _leftPipe), RunAsync(Right, _rightPipe)];
    }

    public MuxrpcConnection Left { get; }

    public MuxrpcConnection Right { get; }

    public Task Ended => Task.WhenAll(_running).WaitAsync(PacketPeer.Patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended;
        Left.Dispose();
        Right.Dispose();
    }

    private async Task RunAsync(MuxrpcConnection connection, Duplex pipe)
    {
        await connection.RunAsync(_stop.Token);
        await pipe.Output.CompleteAsync();
    }
}

/// <summary>Methods of a test, by name.</summary>
internal sealed class TestService : Dictionary<string, Func<RpcRequest, RpcInvocation>>, IRpcService
{
    public RpcInvocation Bind(RpcRequest request) =>
        TryGetValue(string.Join('.', request.Path()), out Func<RpcRequest, RpcInvocation>? bind)
            ? bind(request)
            : throw RpcRefusals.NotAllowed(request);

    public JsValue ErrorOf(Exception error) => JsValue.From(new JsObject().Set("message", JsValue.From(error.Message)));
}
