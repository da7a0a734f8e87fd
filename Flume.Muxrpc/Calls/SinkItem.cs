using System.Text;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Reads the items that a peer sends to a sink.</summary>
internal static class SinkItem
{
    /// <summary>Reads an item for a sink of values.</summary>
    /// <exception cref="RpcException">The peer sent bytes.</exception>
    public static JsValue Value(Packet packet) => packet.Header.Kind == BodyKind.Bytes
        ? throw new RpcException("this sink takes JSON values, but bytes were sent")
        : packet.ReadValue();

    /// <summary>Reads an item for a sink of bytes. A string is converted to UTF-8, as for ssb-blobs.</summary>
    /// <exception cref="RpcException">The peer sent JSON.</exception>
    public static ReadOnlyMemory<byte> Bytes(Packet packet) => packet.Header.Kind switch
    {
        BodyKind.Bytes or BodyKind.Text => packet.Body,
        _ => packet.ReadValue() is { IsString: true } text
            ? Encoding.UTF8.GetBytes(text.AsString)
            : throw new RpcException("this sink takes buffers, but a JSON value was sent"),
    };
}
