using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>A stream whose items both sides may send. A source or sink that this side opened uses one half of it.</summary>
/// <remarks>
/// 1. At most <see cref="ItemsWaitingMax"/> received items wait; then the connection is not read: that is the
/// back-pressure to the peer's socket. 2. Whoever runs the stream calls <see cref="RpcStream.EndAsync"/>
/// and <see cref="StopReading"/> once.
/// </remarks>
internal sealed class DuplexStream(int request, RpcSession session) : RpcStream(request, session)
{
    private const int ItemsWaitingMax = 256;

    private readonly Channel<Packet> _items = Channel.CreateBounded<Packet>(
        new BoundedChannelOptions(ItemsWaitingMax) { SingleReader = true, SingleWriter = true });

    private PacketHeader Header => new(IsStream: true, IsEnd: false, BodyKind.Json, 0, -Request);

    /// <summary>True when a received item waits to be read.</summary>
    public bool HasItems => _items.Reader.TryPeek(out _);

    /// <summary>The items of the peer until its end.</summary>
    /// <exception cref="RpcException">The peer ended the stream with an error.</exception>
    /// <exception cref="OperationCanceledException">The connection ended.</exception>
    public async IAsyncEnumerable<Packet> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, Session.Ended);
        await foreach (Packet item in _items.Reader.ReadAllAsync(either.Token).ConfigureAwait(false)) yield return item;
    }

    /// <summary>Puts one value on the connection; <see cref="FlushAsync"/> sends it.</summary>
    public ValueTask WriteAsync(JsValue value, CancellationToken cancel) =>
        Session.Writer.WriteAsync(Header, value, cancel);

    /// <summary>Puts one value on the connection as the JSON text that it has already.</summary>
    public ValueTask WriteJsonAsync(ReadOnlyMemory<byte> json, CancellationToken cancel) =>
        Session.Writer.WriteJsonAsync(Header, json, cancel);

    /// <summary>Puts bytes on the connection.</summary>
    public ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        Session.Writer.WriteAsync(Header, bytes, cancel);

    /// <summary>Sends what waits.</summary>
    public ValueTask FlushAsync(CancellationToken cancel) => Session.Writer.FlushAsync(cancel);

    /// <summary>Ends our half with the error of an exception.</summary>
    public ValueTask FailAsync(Exception error) => EndAsync(Session.ErrorOf(error));

    /// <summary>Drops what the peer still sends, so that it does not hold up the connection.</summary>
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
            // Nobody reads this stream any more; our end tells the peer.
        }
    }

    /// <inheritdoc/>
    protected override ValueTask TakeEndAsync(Packet packet)
    {
        _items.Writer.TryComplete(RemoteError.From(packet));
        return default;
    }
}
