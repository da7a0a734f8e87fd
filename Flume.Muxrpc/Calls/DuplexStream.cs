using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>
/// A stream on which both sides may send items. A source or sink opened by this side uses one direction.
/// </summary>
/// <remarks>
/// 1. A limited number of received items wait. Then the connection is not read, which slows the peer.
/// 2. The code that runs the stream calls <see cref="RpcStream.EndAsync"/> and <see cref="StopReading"/> once.
/// 3. A peer that goes on sending after the end of this side loses the connection.
/// </remarks>
/// <param name="request">The number of the stream in the peer's packets.</param>
/// <param name="session">The connection's shared state.</param>
/// <param name="waitingMax">The maximum of received items that wait.</param>
internal sealed class DuplexStream(int request, RpcSession session, int waitingMax = DuplexStream.ItemsWaitingMax)
    : RpcStream(request, session)
{
    /// <summary>The maximum of received values that wait.</summary>
    public const int ItemsWaitingMax = 256;

    /// <summary>The maximum of received pieces of bytes that wait. A piece usually has 64 KiB.</summary>
    public const int PiecesWaitingMax = 16;

    // What can be under way when the peer gets the end.
    private const long DiscardedBytesMax = 32 << 20;

    private readonly Channel<Packet> _items = Channel.CreateBounded<Packet>(
        new BoundedChannelOptions(waitingMax) { SingleReader = true, SingleWriter = true });

    private long _discarded;

    private PacketHeader Header => new(IsStream: true, IsEnd: false, BodyKind.Json, 0, -Request);

    /// <summary>True if a received item waits.</summary>
    public bool HasItems => _items.Reader.TryPeek(out _);

    /// <summary>The items of the peer until its end.</summary>
    /// <exception cref="RpcException">The peer ended the stream with an error.</exception>
    /// <exception cref="OperationCanceledException">The connection ended.</exception>
    public async IAsyncEnumerable<Packet> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, Session.Ended);
        await foreach (Packet item in _items.Reader.ReadAllAsync(either.Token).ConfigureAwait(false)) yield return item;
    }

    /// <summary>Writes one value to the connection's buffer. <see cref="FlushAsync"/> sends it.</summary>
    public ValueTask WriteAsync(JsValue value, CancellationToken cancel) =>
        Session.Writer.WriteAsync(Header, value, cancel);

    /// <summary>Writes one value, given as JSON text, to the connection's buffer.</summary>
    public ValueTask WriteJsonAsync(ReadOnlyMemory<byte> json, CancellationToken cancel) =>
        Session.Writer.WriteJsonAsync(Header, json, cancel);

    /// <summary>Writes bytes to the connection's buffer.</summary>
    public ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        Session.Writer.WriteAsync(Header, bytes, cancel);

    /// <summary>Sends the buffered items.</summary>
    public ValueTask FlushAsync(CancellationToken cancel) => Session.Writer.FlushAsync(cancel);

    /// <summary>Ends this side of the stream with the error of an exception.</summary>
    public ValueTask FailAsync(Exception error) => EndAsync(Session.ErrorOf(error));

    /// <summary>Discards later items of the peer, so that they do not block the connection.</summary>
    public void StopReading() => _items.Writer.TryComplete();

    /// <inheritdoc/>
    protected override async ValueTask TakeAsync(Packet packet)
    {
        try
        {
            await _items.Writer.WriteAsync(packet, Session.Ended).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The stream has no reader any more. The end packet of this side informs the peer.
            _discarded += packet.Body.Length;
            if (_discarded > DiscardedBytesMax) throw new PacketException(
                Request, $"its stream has ended, and {_discarded} bytes came after that.");
        }
    }

    /// <inheritdoc/>
    protected override ValueTask TakeEndAsync(Packet packet)
    {
        _items.Writer.TryComplete(RemoteError.From(packet));
        return default;
    }
}
