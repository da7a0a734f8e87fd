using System.Text;
using Flume.Query.Json;

namespace Flume.Muxrpc.Packets;

/// <summary>A received packet. It owns its body, so values that were read from it remain valid.</summary>
internal readonly record struct Packet(PacketHeader Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The body as a value. Raw bytes are not a value: check <see cref="PacketHeader.Kind"/> first.
    /// </summary>
    /// <exception cref="PacketException">The body is not JSON, or its type is unknown.</exception>
    public JsValue ReadValue()
    {
        try
        {
            return Header.Kind switch
            {
                BodyKind.Text => JsValue.From(Encoding.UTF8.GetString(Body.Span)),
                BodyKind.Json => JsValue.ParseWhole(Body),
                BodyKind.Bytes => throw new PacketException(Header.Request, "the body contains bytes; expected JSON."),
                _ => throw new PacketException(
                    Header.Request, $"the body's type is {(int)Header.Kind}; expected 0, 1 or 2."),
            };
        }
        catch (JsSyntaxException error)
        {
            throw new PacketException(Header.Request, $"the body is not JSON: {error.Message}");
        }
    }
}
