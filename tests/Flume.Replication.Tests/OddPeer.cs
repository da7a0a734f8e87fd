using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>A peer whose methods a test writes, connected to a Flume.</summary>
internal sealed class OddPeer : IRpcService, IAsyncDisposable
{
    private static readonly TimeSpan DialWithin = TimeSpan.FromSeconds(20);
    private static readonly RpcLimits Limits = new(4 << 20, 1000, 1000);

    private readonly DialedConnection _dialled;
    private readonly Dictionary<string, RpcInvocation> _methods;
    private readonly CancellationTokenSource _stop;
    private readonly Task _running;

    private OddPeer(DialedConnection dialled, Dictionary<string, RpcInvocation> methods)
    {
        (_dialled, _methods) = (dialled, methods);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(dialled.Closed);
        Connection = new MuxrpcConnection(dialled.Pipe, this, Limits);
        _running = Connection.RunAsync(_stop.Token);
    }

    public MuxrpcConnection Connection { get; }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Ended => _running;

    /// <summary>Connects a peer.</summary>
    /// <param name="flume">The Flume.</param>
    /// <param name="methods">The answers to its calls. Other methods are refused.</param>
    /// <param name="keys">The peer's keys; null for new ones.</param>
    public static async Task<OddPeer> ConnectAsync(
        FlumePeer flume, Dictionary<string, RpcInvocation> methods, FeedKeys? keys = null) => new(
        await new Dialer(flume.Network, DialWithin).DialAsync(
            MultiserverAddress.ParseAll(flume.Address)[0], keys ?? FeedKeys.Generate(), default), methods);

    public RpcInvocation Bind(RpcRequest request) => _methods.TryGetValue(string.Join('.', request.Path()), out var found)
        ? found
        : throw RpcRefusals.NotAllowed(request);

    public JsValue ErrorOf(Exception error) =>
        JsValue.From(new JsObject().Set("message", JsValue.From(error.Message)).Set("name", JsValue.From("Error")));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _dialled.DisposeAsync();
        Connection.Dispose();
        _stop.Dispose();
    }
}
