using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Sends what a source gives, at the peer's pace.</summary>
/// <param name="request">The peer's number.</param>
/// <param name="session">The connection's shared parts.</param>
/// <param name="open">Starts the source.</param>
/// <param name="write">Puts one item on the connection.</param>
internal sealed class SourceStream<T>(
    int request, RpcSession session, Func<CancellationToken, IAsyncEnumerable<T>> open, SourceStream<T>.WriteItem write)
    : RpcStream(request, session)
{
    // So many items, then the connection's other streams have their turn.
    private const int TurnItems = 64;

    private readonly CancellationTokenSource _stops = new();

    /// <summary>Puts one item on the connection.</summary>
    internal delegate ValueTask WriteItem(PacketHeader header, T item, CancellationToken cancel);

    /// <summary>Runs until the source ends, fails, or the peer wants no more; then sends our end.</summary>
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
            // The peer wanted no more: that is no error.
        }
        catch (PeerGoneException)
        {
            // It can't be told anything; the read loop sees to the rest.
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

    // Resumes in the connection's own turns, so nothing here leaves its scheduler.
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

    /// <summary>Moves on; when that takes time, what was written goes out meanwhile.</summary>
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
