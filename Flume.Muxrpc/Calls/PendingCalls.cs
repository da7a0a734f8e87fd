using System.Collections.Concurrent;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>The calls of this side that wait for the peer's answer.</summary>
internal sealed class PendingCalls
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsValue>> _waiting = new();

    /// <summary>Waits for the answer of a request; the packet that asks must be sent after this.</summary>
    public Task<JsValue> Add(int request)
    {
        TaskCompletionSource<JsValue> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request] = answer;
        return answer.Task;
    }

    /// <summary>Stops the waiting: what the peer answers later is ignored.</summary>
    public void Remove(int request) => _waiting.TryRemove(request, out _);

    /// <summary>Completes the call that a packet answers; false when no call waits for it.</summary>
    public bool TryAnswer(int request, Packet packet)
    {
        if (!_waiting.TryRemove(request, out TaskCompletionSource<JsValue>? answer)) return false;
        if (packet.Header.Kind == BodyKind.Bytes) answer.TrySetException(new RpcException("the answer holds bytes"));
        else if (packet.Header.IsEnd) answer.TrySetException(RemoteError.Of(packet.ReadValue()));
        else answer.TrySetResult(packet.ReadValue());
        return true;
    }
}
