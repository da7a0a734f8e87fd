using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>The methods that one connection serves.</summary>
internal interface IRpcService
{
    /// <summary>
    /// Finds the code that answers a request. The connection calls this in the order of the packets.
    /// </summary>
    /// <exception cref="RpcException">The method does not exist, or this peer may not call it.</exception>
    RpcInvocation Bind(RpcRequest request);

    /// <summary>The write lane of a call. Calls of one lane begin in the order in which the peer sent them.</summary>
    /// <exception cref="RpcException">The method does not exist, or this peer may not call it.</exception>
    WriteLane LaneOf(RpcRequest request) => WriteLane.None;

    /// <summary>The error object for the peer: <c>{message, name, stack}</c>.</summary>
    JsValue ErrorOf(Exception error);
}
