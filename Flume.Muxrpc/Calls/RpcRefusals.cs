namespace Flume.Muxrpc.Calls;

/// <summary>The texts by which peers decide what the other side can do.</summary>
internal static class RpcRefusals
{
    /// <summary>The peer has no right to call it, or there is none and the peer may not learn that.</summary>
    public static RpcException NotAllowed(RpcRequest request) =>
        new($"method:{request.NameText} is not in list of allowed methods");

    /// <summary>There is none of that name and type.</summary>
    public static RpcException NoSuchMethod(RpcRequest request) => new($"no {request.Type}:{request.NameText}");
}
