using System.Threading.Channels;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Hands what the peer sends to a sink, at the sink's pace.</summary>
/// <remarks>
/// 1. Few items wait; when more come, the whole connection is not read: muxrpc has no way to slow down one stream.
/// 2. npm muxrpc calls back as soon as it has sent its end. So what comes behind that end on the same connection waits
/// a moment for the sink to finish, and a client that added a blob finds it there.
/// </remarks>
/// <param name="request">The peer's number.</param>
/// <param name="session">The connection's shared parts.</param>
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

    /// <summary>Runs the sink, then sends our end: <c>true</c>, or why it failed.</summary>
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
            // The sink is done already; the peer will learn that from our end.
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask TakeEndAsync(Packet packet)
    {
        bool isAbort = packet.ReadValue() is { IsBoolean: false };
        _items.Writer.TryComplete(isAbort ? new RpcException("the peer gave up before the end") : null);
        await _settled.Task.WaitAsync(SettleWithin, Session.Ended)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
