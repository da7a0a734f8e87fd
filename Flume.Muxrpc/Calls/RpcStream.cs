using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>One stream, from its first packet until both sides have ended it.</summary>
/// <remarks>
/// 1. Each side sends exactly one end. 2. Until both have, the request's number stays taken: what still comes for it
/// belongs here. 3. <see cref="ReceiveAsync"/> is called by the connection's read loop alone.
/// </remarks>
internal abstract class RpcStream(int request, RpcSession session)
{
    private const int WeEnded = 1;
    private const int TheyEnded = 2;

    private int _ends;

    /// <summary>
    /// The number by which the peer's packets name the stream: positive when the peer opened it, negative when we did.
    /// </summary>
    public int Request { get; } = request;

    /// <summary>The connection's shared parts.</summary>
    protected RpcSession Session { get; } = session;

    /// <summary>Takes a packet of the peer; what follows its end is passed over.</summary>
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

    /// <summary>Sends our end, unless it was sent.</summary>
    public async ValueTask EndAsync(JsValue with)
    {
        if ((Volatile.Read(ref _ends) & WeEnded) != 0) return;
        PacketHeader end = new(IsStream: true, IsEnd: true, default, 0, -Request);
        await Session.Writer.SendAsync(end, with, Session.Ended).ConfigureAwait(false);
        Mark(WeEnded);
    }

    /// <summary>An item of the peer.</summary>
    protected abstract ValueTask TakeAsync(Packet packet);

    /// <summary>The peer's end: <c>true</c>, or its error.</summary>
    protected abstract ValueTask TakeEndAsync(Packet packet);

    private void Mark(int end)
    {
        if ((Interlocked.Or(ref _ends, end) | end) == (WeEnded | TheyEnded)) Session.Forget(this);
    }
}
