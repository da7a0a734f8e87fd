using System.Text;
using Flume.Query.Json;

namespace Flume.Host.Muxrpc.Packets;

/// <summary>A packet as it was received; its body is its own copy, so values read from it may be kept.</summary>
internal readonly record struct Packet(PacketHeader Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body as a value. Bytes are no value: ask <see cref="PacketHeader.Kind"/> first.</summary>
    /// <exception cref="PacketException">It is no JSON, or of a kind without a meaning.</exception>
    public JsValue ReadValue()
    {
        try
        {
            return Header.Kind switch
            {
                BodyKind.Text => JsValue.From(Encoding.UTF8.GetString(Body.Span)),
                BodyKind.Json => JsValue.ParseWhole(Body),
                BodyKind.Bytes => throw new PacketException(Header.Request, "the body holds bytes; expected JSON."),
                _ => throw new PacketException(
                    Header.Request, $"the body's type is {(int)Header.Kind}; expected 0, 1 or 2."),
            };
        }
        catch (JsSyntaxException error)
        {
            throw new PacketException(Header.Request, $"the body is no JSON: {error.Message}");
        }
    }
}
