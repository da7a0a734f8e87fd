using System.Threading.Channels;
using Flume.Host.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

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
    int request, RpcSession session, Func<IAsyncEnumerable<T>, ValueTask<JsValue>> accept,
    Func<Packet, T> read)
    : RpcStream(request, session)
{
    private const int ItemsWaitingMax = 4;
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<T> items = Channel.CreateBounded<T>(
        new BoundedChannelOptions(ItemsWaitingMax) { SingleReader = true, SingleWriter = true });

    /// <summary>Runs the sink, then sends our end: <c>true</c>, or why it failed.</summary>
    public async Task RunAsync()
    {
        JsValue end = JsValue.True;
        try
        {
            await accept(items.Reader.ReadAllAsync(Session.Ended));
        }
        catch (Exception error)
        {
            end = Session.ErrorOf(error);
        }

        items.Writer.TryComplete();
        settled.SetResult();
        await EndAsync(end);
    }

    /// <inheritdoc/>
    protected override async ValueTask TakeAsync(Packet packet)
    {
        try
        {
            await items.Writer.WriteAsync(read(packet), Session.Ended).ConfigureAwait(false);
        }
        catch (ApiException error)
        {
            items.Writer.TryComplete(error);
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
        items.Writer.TryComplete(isAbort ? ApiException.Error("the peer gave up before the end") : null);
        await settled.Task.WaitAsync(SettleWithin, Session.Ended)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
