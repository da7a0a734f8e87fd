using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>The first packet of a call or stream: <c>{name, type, args}</c> (docs/spec 6.2).</summary>
/// <param name="Name">A string, or an array of the name's parts.</param>
/// <param name="Type">The method type that the caller expects: async, source, sink, duplex.</param>
/// <param name="Args">The arguments.</param>
internal sealed record RpcRequest(JsValue Name, string Type, JsArray Args)
{
    private const int EchoLengthMax = 1000;

    /// <summary>
    /// Completes after the answers to all writes that the peer sent before this request; null if there are none.
    /// </summary>
    public Func<Task>? WritesAnswered { get; init; }

    /// <summary>Reads a call. Like JavaScript, it ignores the type that old peers send.</summary>
    /// <exception cref="RpcException">The body has no array of arguments.</exception>
    public static RpcRequest OfCall(JsValue body) => new(body["name"], "async", ArgsOf(body));

    /// <summary>Reads the opening packet of a stream. A source may omit its arguments.</summary>
    /// <exception cref="RpcException">The type is not a stream type, or the arguments are not an array.</exception>
    public static RpcRequest OfStream(JsValue body)
    {
        string type = JsCoercion.ToText(body["type"]);
        if (type is not ("source" or "sink" or "duplex"))
            throw new RpcException($"unsupported stream type: {Shorten(type)}");
        return new RpcRequest(body["name"], type, body["args"].IsNullish ? new JsArray() : ArgsOf(body));
    }

    /// <summary>The body of a request that this side sends.</summary>
    public static JsValue ToValue(string name, string type, JsArray args) => JsValue.From(new JsObject()
        .Set("name", JsValue.From(new JsArray(name.Split('.').Select(JsValue.From))))
        .Set("args", JsValue.From(args))
        .Set("type", JsValue.From(type)));

    /// <summary>The parts of the name.</summary>
    public string[] Path() => Name.IsArray ? [.. Name.AsArray.Select(JsCoercion.ToText)] : [JsCoercion.ToText(Name)];

    /// <summary>The name as JavaScript prints it: its parts joined by commas.</summary>
    public string NameText => Shorten(JsCoercion.ToText(Name));

    private static JsArray ArgsOf(JsValue body) => body["args"].IsArray
        ? body["args"].AsArray
        : throw new RpcException($"invalid request, args should be array, was: {Shorten(body.ToString())}");

    private static string Shorten(string text) => text.Length <= EchoLengthMax ? text : $"{text[..EchoLengthMax]}…";
}
