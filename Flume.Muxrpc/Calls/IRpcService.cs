using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>What one connection serves: the binding between muxrpc and the methods of a program.</summary>
internal interface IRpcService
{
    /// <summary>Binds a request to the code that answers it. The connection calls this in the order of the packets.</summary>
    /// <exception cref="RpcException">The method does not exist, or this peer may not call it.</exception>
    RpcInvocation Bind(RpcRequest request);

    /// <summary>The write lane of a call: calls of one lane begin in the order in which they were sent.</summary>
    /// <exception cref="RpcException">The method does not exist, or this peer may not call it.</exception>
    WriteLane LaneOf(RpcRequest request) => WriteLane.None;

    /// <summary>The object that tells the peer of an error: <c>{message, name, stack}</c>.</summary>
    JsValue ErrorOf(Exception error);
}
