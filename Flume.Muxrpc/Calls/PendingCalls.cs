using System.Collections.Concurrent;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>The calls of this side that wait for the peer's answer.</summary>
internal sealed class PendingCalls
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsValue>> _waiting = new();

    /// <summary>Waits for the answer of a request. The caller sends the request after this call.</summary>
    public Task<JsValue> Add(int request)
    {
        TaskCompletionSource<JsValue> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request] = answer;
        return answer.Task;
    }

    /// <summary>Stops the wait. A later answer is ignored.</summary>
    public void Remove(int request) => _waiting.TryRemove(request, out _);

    /// <summary>Completes the call that a packet answers. False if no call waits for it.</summary>
    public bool TryAnswer(int request, Packet packet)
    {
        if (!_waiting.TryRemove(request, out TaskCompletionSource<JsValue>? answer)) return false;
        if (packet.Header.Kind == BodyKind.Bytes) answer.TrySetException(new RpcException("the answer contains bytes"));
        else if (packet.Header.IsEnd) answer.TrySetException(RemoteError.Of(packet.ReadValue()));
        else answer.TrySetResult(packet.ReadValue());
        return true;
    }
}
