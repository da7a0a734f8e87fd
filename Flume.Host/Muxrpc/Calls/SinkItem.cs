using System.Text;
using Flume.Host.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>Reads the items that a peer sends to a sink.</summary>
internal static class SinkItem
{
    /// <summary>An item of a sink of values.</summary>
    /// <exception cref="ApiException">The peer sent bytes.</exception>
    public static JsValue Value(Packet packet) => packet.Header.Kind == BodyKind.Bytes
        ? throw ApiException.Error("this sink takes JSON values, but bytes were sent")
        : packet.ReadValue();

    /// <summary>An item of a sink of buffers; a string counts as its UTF-8, as it does for ssb-blobs.</summary>
    /// <exception cref="ApiException">The peer sent JSON.</exception>
    public static ReadOnlyMemory<byte> Bytes(Packet packet) => packet.Header.Kind switch
    {
        BodyKind.Bytes or BodyKind.Text => packet.Body,
        _ => packet.ReadValue() is { IsString: true } text
            ? Encoding.UTF8.GetBytes(text.AsString)
            : throw ApiException.Error("this sink takes buffers, but a JSON value was sent"),
    };
}
