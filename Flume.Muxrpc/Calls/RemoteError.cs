using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>Reads the last packet of a stream or a call's error as a peer sends it.</summary>
internal static class RemoteError
{
    private const int MessageLengthMax = 1000;

    // What npm muxrpc sends for its open streams when the connection closes.
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

    /// <summary>The error that a body describes: an object with a message, or anything else as its text.</summary>
    public static RpcException Of(JsValue body)
    {
        string text = body["message"] is { IsString: true } message ? message.AsString : JsCoercion.ToText(body);
        string name = body["name"] is { IsString: true } given ? given.AsString : "Error";
        return new RpcException(text.Length <= MessageLengthMax ? text : text[..MessageLengthMax], name);
    }
}
