using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Reads a live stream, collects its items and detects when it waits at the head.</summary>
internal sealed class FollowedStream
{
    private readonly JsArray _items = new();
    private readonly WaitWatch _identity;
    private readonly Task _reading;

    public FollowedStream(IIdentity identity, JsValue call, CancellationToken stop)
    {
        _identity = new WaitWatch(identity);
        BuiltInApi.Table.TryGet(call["method"].AsString, out ApiMethod method);
        _reading = Task.Run(
            () => ReadAsync(method.Open!(new ApiCall(_identity, call["args"].AsArray, stop))), CancellationToken.None);
    }

    /// <summary>Completes when the stream ended or waits at the head.</summary>
    public async Task SettledAsync()
    {
        while (!_reading.IsCompleted && _identity.WaitsBeyond != _identity.Log.Head) await Task.Delay(2);
    }

    /// <summary>Ends the stream and returns its items.</summary>
    public async Task<JsValue> EndAsync()
    {
        await _reading;
        return JsValue.From(_items);
    }

    private async Task ReadAsync(IAsyncEnumerable<JsValue> source)
    {
        try
        {
            await foreach (JsValue item in source) _items.Add(item);
        }
        catch (OperationCanceledException)
        {
        }
        catch (ApiException error)
        {
            _items.Add(JsValue.From(new JsObject().Set("error", JsValue.From(new JsObject()
                .Set("name", JsValue.From(error.ErrorName)).Set("message", JsValue.From(error.Message))))));
        }
    }
}
