using Flume.Query.Json;

namespace Flume.Muxrpc.Calls;

/// <summary>One request bound to the code that answers it. Exactly one member is set.</summary>
internal sealed record RpcInvocation
{
    /// <summary>Answers with one value.</summary>
    public Func<CancellationToken, ValueTask<JsValue>>? Call { get; init; }

    /// <summary>Streams values.</summary>
    public Func<CancellationToken, IAsyncEnumerable<JsValue>>? Source { get; init; }

    /// <summary>Streams bytes. Each piece is valid until the next one is requested.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>>? BytesSource { get; init; }

    /// <summary>Receives a stream of values.</summary>
    public Func<IAsyncEnumerable<JsValue>, CancellationToken, ValueTask<JsValue>>? Sink { get; init; }

    /// <summary>Receives a stream of bytes.</summary>
    public Func<IAsyncEnumerable<ReadOnlyMemory<byte>>, CancellationToken, ValueTask<JsValue>>? BytesSink { get; init; }

    /// <summary>Runs a stream in both directions until it returns.</summary>
    public Func<DuplexStream, CancellationToken, Task>? Duplex { get; init; }
}
