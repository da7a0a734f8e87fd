using System.Runtime.CompilerServices;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Methods for the tests of a connection, and the proof that it still serves.</summary>
internal static class MuxrpcMethods
{
    public static ApiMethod Echo { get; } = ApiMethod.Async(
        "group.echo", Scope.Read, null, "", static call => new(call.Arg(0)));

    public static ApiMethod Count { get; } = ApiMethod.Source(
        "count", Scope.Read, null, "", static call => Counting(call));

    public static ApiMethod SinkInto(List<string> taken) =>
        ApiMethod.Sink("sink", Scope.Append, null, "", async (_, items) =>
    {
        await foreach (JsValue item in items) taken.Add(item.ToJson());
        return JsValue.Undefined;
    });

    private static async IAsyncEnumerable<JsValue> Counting(ApiCall call)
    {
        await Task.Yield();
        for (int i = 0; i < call.Arg(0).AsNumber; i++) yield return JsValue.From(i);
    }

    public static async IAsyncEnumerable<JsValue> Live(ApiCall call, TaskCompletionSource disposed)
    {
        try
        {
            yield return JsValue.From(0);
            await Task.Delay(Timeout.Infinite, call.Cancelled);
        }
        finally
        {
            disposed.SetResult();
        }
    }

    public static async IAsyncEnumerable<JsValue> Failing([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return JsValue.From(1);
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        throw ApiException.Error("half way");
    }

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(
        [EnumeratorCancellation] CancellationToken cancel, params byte[][] pieces)
    {
        foreach (byte[] piece in pieces)
        {
            await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return piece;
        }
    }

    public static async Task StillServes(MuxrpcPeer peer)
    {
        await peer.CallAsync(99, "nope");
        Assert.Equal("no async:nope", await peer.NextErrorAsync(99, isStream: false));
    }
}
