using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>The first packet of a call or stream: <c>{name, type, args}</c> (docs/spec 6.2).</summary>
/// <param name="Name">A string, or an array of a name's parts.</param>
/// <param name="Type">What the caller takes the method for: async, source, sink, duplex.</param>
/// <param name="Args">The arguments.</param>
internal sealed record RpcRequest(JsValue Name, string Type, JsArray Args)
{
    private const int EchoLengthMax = 1000;

    /// <summary>
    /// Reads a call. Its type, if the peer is old enough to send one, is passed over, as JavaScript does.
    /// </summary>
    /// <exception cref="ApiException">There is no array of arguments.</exception>
    public static RpcRequest OfCall(JsValue body) => new(body["name"], "async", ArgsOf(body));

    /// <summary>Reads what opens a stream; a source may leave its arguments out.</summary>
    /// <exception cref="ApiException">It names no stream type, or has arguments that are no array.</exception>
    public static RpcRequest OfStream(JsValue body)
    {
        string type = JsCoercion.ToText(body["type"]);
        if (type is not ("source" or "sink" or "duplex"))
            throw ApiException.Error($"unsupported stream type: {Shorten(type)}");
        return new RpcRequest(body["name"], type, body["args"].IsNullish ? new JsArray() : ArgsOf(body));
    }

    /// <summary>The name as JavaScript prints it: parts joined by commas.</summary>
    public string NameText => Shorten(JsCoercion.ToText(Name));

    private static JsArray ArgsOf(JsValue body) => body["args"].IsArray
        ? body["args"].AsArray
        : throw ApiException.Error($"invalid request, args should be array, was: {Shorten(body.ToString())}");

    private static string Shorten(string text) => text.Length <= EchoLengthMax ? text : $"{text[..EchoLengthMax]}…";
}
