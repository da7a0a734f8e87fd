using Flume.Muxrpc.Packets;

namespace Flume.Muxrpc.Calls;

/// <summary>A stream that was refused with an error and waits for the peer's end.</summary>
internal sealed class RefusedStream(int request, RpcSession session) : RpcStream(request, session)
{
    /// <inheritdoc/>
    protected override ValueTask TakeAsync(Packet packet) => default;

    /// <inheritdoc/>
    protected override ValueTask TakeEndAsync(Packet packet) => default;
}
