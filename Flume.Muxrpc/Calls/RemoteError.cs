using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Reads errors in the packets of a peer.</summary>
internal static class RemoteError
{
    private const int MessageLengthMax = 1000;

    // npm muxrpc ends its open streams with these texts when the connection closes.
    private static readonly string[] NormalEnds =
        ["unexpected end of parent stream", "unexpected hangup", "read ECONNRESET", "write EPIPE"];

    /// <summary>The error of a stream's end; null for a normal end.</summary>
    public static RpcException? From(Packet packet)
    {
        if (packet.Body.IsEmpty || packet.Header.Kind == BodyKind.Bytes) return null;
        JsValue body = packet.ReadValue();
        if (body.IsBoolean || body.IsNullish) return null;
        RpcException error = Of(body);
        return NormalEnds.Contains(error.Message) ? null : error;
    }

    /// <summary>The error of a body: an object with a message, or the text of any other value.</summary>
    public static RpcException Of(JsValue body)
    {
        string text = body["message"] is { IsString: true } message ? message.AsString : JsCoercion.ToText(body);
        string name = body["name"] is { IsString: true } given ? given.AsString : "Error";
        return new RpcException(text.Length <= MessageLengthMax ? text : text[..MessageLengthMax], name);
    }
}
