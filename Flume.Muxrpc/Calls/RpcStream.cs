using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>One stream, from its first packet until both sides have ended it.</summary>
/// <remarks>
/// 1. Each side sends exactly one end.
/// 2. The request number stays in use until both sides have ended. Later packets with that number belong to this
///    stream.
/// 3. Only the connection's read loop calls <see cref="ReceiveAsync"/>.
/// </remarks>
internal abstract class RpcStream(int request, RpcSession session)
{
    private const int WeEnded = 1;
    private const int TheyEnded = 2;

    private int _ends;

    /// <summary>
    /// The number of the stream in the peer's packets: positive if the peer opened it, negative if this side did.
    /// </summary>
    public int Request { get; } = request;

    /// <summary>The connection's shared state.</summary>
    protected RpcSession Session { get; } = session;

    /// <summary>Receives a packet of the peer. Packets after the peer's end are ignored.</summary>
    public async ValueTask ReceiveAsync(Packet packet)
    {
        if ((Volatile.Read(ref _ends) & TheyEnded) != 0) return;
        if (!packet.Header.IsEnd)
        {
            await TakeAsync(packet).ConfigureAwait(false);
            return;
        }

        await TakeEndAsync(packet).ConfigureAwait(false);
        Mark(TheyEnded);
    }

    /// <summary>Sends the end of this side once.</summary>
    public async ValueTask EndAsync(JsValue with)
    {
        if ((Volatile.Read(ref _ends) & WeEnded) != 0) return;
        PacketHeader end = new(IsStream: true, IsEnd: true, default, 0, -Request);
        await Session.Writer.SendAsync(end, with, Session.Ended).ConfigureAwait(false);
        Mark(WeEnded);
    }

    /// <summary>Receives an item of the peer.</summary>
    protected abstract ValueTask TakeAsync(Packet packet);

    /// <summary>Receives the peer's end: <c>true</c>, or its error.</summary>
    protected abstract ValueTask TakeEndAsync(Packet packet);

    private void Mark(int end)
    {
        if ((Interlocked.Or(ref _ends, end) | end) == (WeEnded | TheyEnded)) Session.Forget(this);
    }
}
