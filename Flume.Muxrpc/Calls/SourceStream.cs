using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Sends the items of a source at the peer's speed.</summary>
/// <param name="request">The peer's request number.</param>
/// <param name="session">The connection's shared state.</param>
/// <param name="open">Starts the source.</param>
/// <param name="write">Writes one item to the connection's buffer.</param>
internal sealed class SourceStream<T>(
    int request, RpcSession session, Func<CancellationToken, IAsyncEnumerable<T>> open, SourceStream<T>.WriteItem write)
    : RpcStream(request, session)
{
    // After this number of items, the connection's other streams run.
    private const int TurnItems = 64;

    private readonly CancellationTokenSource _stops = new();

    /// <summary>Writes one item to the connection's buffer.</summary>
    internal delegate ValueTask WriteItem(PacketHeader header, T item, CancellationToken cancel);

    /// <summary>Runs until the source ends or fails, or the peer aborts. Then sends the end of this side.</summary>
    public async Task RunAsync()
    {
        JsValue end = JsValue.True;
        using CancellationTokenRegistration ended = Session.Ended.UnsafeRegister(
            static stops => ((CancellationTokenSource)stops!).Cancel(), _stops);
        try
        {
            await PumpAsync();
        }
        catch (OperationCanceledException) when (_stops.IsCancellationRequested)
        {
            // The peer aborted the stream, which is not an error.
        }
        catch (PeerGoneException)
        {
            // The peer has disconnected, so no end is sent. The read loop handles the rest.
            return;
        }
        catch (Exception error)
        {
            end = Session.ErrorOf(error);
        }

        await EndAsync(end);
    }

    /// <inheritdoc/>
    protected override ValueTask TakeAsync(Packet packet) => default;

    /// <inheritdoc/>
    protected override async ValueTask TakeEndAsync(Packet packet) => await _stops.CancelAsync().ConfigureAwait(false);

    // Continuations resume on the connection's own scheduler.
    private async Task PumpAsync()
    {
        PacketHeader header = new(IsStream: true, IsEnd: false, default, 0, -Request);
        await using IAsyncEnumerator<T> items = open(_stops.Token).GetAsyncEnumerator(_stops.Token);
        for (int sent = 1; await NextAsync(items); sent++)
        {
            await write(header, items.Current, _stops.Token);
            if (sent % TurnItems == 0) await Task.Yield();
        }
    }

    /// <summary>Reads the next item. If that does not complete at once, sends the buffered items first.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<T> items)
    {
        ValueTask<bool> next = items.MoveNextAsync();
        if (next.IsCompleted) return await next;
        Task flushed = Session.Writer.FlushAsync(_stops.Token).AsTask();
        bool more = await next;
        await flushed;
        return more;
    }
}
