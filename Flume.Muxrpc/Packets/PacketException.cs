namespace Flume.Muxrpc.Packets;

/// <summary>The peer broke the protocol, so that nothing it sends from here on can be relied on.</summary>
internal sealed class PacketException(int request, string problem) : Exception($"invalid packet, {problem}")
{
    /// <summary>The request that the packet names.</summary>
    public int Request { get; } = request;
}
