using System.Threading.Channels;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Passes the peer's items to a sink at the sink's speed.</summary>
/// <remarks>
/// 1. Few items wait. At the limit the whole connection is not read, because muxrpc cannot slow down a single stream.
/// 2. npm muxrpc reports success when it has sent its end. So later packets of the connection wait briefly for the
///    sink. A client that added a blob then finds it.
/// </remarks>
/// <param name="request">The peer's request number.</param>
/// <param name="session">The connection's shared state.</param>
/// <param name="accept">Runs the sink.</param>
/// <param name="read">Reads an item from a packet.</param>
internal sealed class SinkStream<T>(
    int request, RpcSession session, Func<IAsyncEnumerable<T>, CancellationToken, ValueTask<JsValue>> accept,
    Func<Packet, T> read)
    : RpcStream(request, session)
{
    private const int ItemsWaitingMax = 4;
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<T> _items = Channel.CreateBounded<T>(
        new BoundedChannelOptions(ItemsWaitingMax) { SingleReader = true, SingleWriter = true });

    /// <summary>Runs the sink, then sends the end of this side: <c>true</c>, or the sink's error.</summary>
    public async Task RunAsync()
    {
        JsValue end = JsValue.True;
        try
        {
            await accept(_items.Reader.ReadAllAsync(Session.Ended), Session.Ended);
        }
        catch (Exception error)
        {
            end = Session.ErrorOf(error);
        }

        _items.Writer.TryComplete();
        _settled.SetResult();
        await EndAsync(end);
    }

    /// <inheritdoc/>
    protected override async ValueTask TakeAsync(Packet packet)
    {
        try
        {
            await _items.Writer.WriteAsync(read(packet), Session.Ended).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            _items.Writer.TryComplete(error);
        }
        catch (ChannelClosedException)
        {
            // The sink has already ended. The end packet of this side informs the peer.
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask TakeEndAsync(Packet packet)
    {
        bool isAbort = packet.ReadValue() is { IsBoolean: false };
        _items.Writer.TryComplete(isAbort ? new RpcException("the peer aborted the stream") : null);
        await _settled.Task.WaitAsync(SettleWithin, Session.Ended)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
