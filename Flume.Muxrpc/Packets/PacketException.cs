namespace Flume.Muxrpc.Packets;

/// <summary>The peer broke the protocol. Its later bytes cannot be interpreted.</summary>
internal sealed class PacketException(int request, string problem) : Exception($"invalid packet, {problem}")
{
    /// <summary>The request number of the packet.</summary>
    public int Request { get; } = request;
}
