namespace Flume.Muxrpc.Calls;

/// <summary>The refusals that peers recognise by their text.</summary>
internal static class RpcRefusals
{
    /// <summary>
    /// The peer may not call the method. Unknown methods get the same answer if the peer may not learn which exist.
    /// </summary>
    public static RpcException NotAllowed(RpcRequest request) =>
        new($"method:{request.NameText} is not in list of allowed methods");

    /// <summary>No method has that name and type.</summary>
    public static RpcException NoSuchMethod(RpcRequest request) => new($"no {request.Type}:{request.NameText}");
}
