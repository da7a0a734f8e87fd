using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Answers the requests of answer.js from Flume's API table, in the same format.</summary>
internal static class FlumeSide
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<JsValue> AnswerAsync(IIdentity identity, JsObject request)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            BuiltInApi.Table.TryGet(request["method"].AsString, out ApiMethod method);
            ApiCall call = new(identity, request["args"].AsArray, patience.Token);
            if (method.Kind != ApiKind.Source) return Given(await method.Call!(call));
            JsArray rows = new();
            await foreach (JsValue row in method.Open!(call)) rows.Add(row);
            return JsValue.From(new JsObject().Set("rows", JsValue.From(rows)));
        }
        catch (ApiException error)
        {
            return JsValue.From(new JsObject().Set("error", JsValue.From(new JsObject()
                .Set("name", JsValue.From(error.ErrorName)).Set("message", JsValue.From(error.Message)))));
        }
        catch (Exception error) when (error is not ApiException)
        {
            return JsValue.From(new JsObject().Set("crash", JsValue.From(error.ToString())));
        }
    }

    /// <summary>
    /// Opens the streams, appends each group after all streams are at the head, and returns their items.
    /// </summary>
    public static async Task<JsValue> AnswerLiveAsync(IIdentity identity, JsObject request)
    {
        using CancellationTokenSource stop = new();
        FollowedStream[] streams = [.. request["live"].AsArray.Select(call => new FollowedStream(identity, call, stop.Token))];
        foreach (FollowedStream stream in streams) await stream.SettledAsync();
        foreach (JsValue group in request["append"].AsArray)
        {
            ReadOnlyMemory<byte>[] payloads = [.. group.AsArray.Select(record => (ReadOnlyMemory<byte>)JsWriter.ToUtf8(record))];
            await identity.AppendAsync(payloads, Flume.Log.Durability.Os);
            foreach (FollowedStream stream in streams) await stream.SettledAsync();
        }
        stop.Cancel();
        JsArray given = new();
        foreach (FollowedStream stream in streams) given.Add(await stream.EndAsync());
        return JsValue.From(new JsObject().Set("streams", JsValue.From(given)));
    }

    private static JsValue Given(JsValue value) => JsValue.From(value.IsUndefined
        ? new JsObject().Set("undefined", JsValue.True) : new JsObject().Set("value", value));
}
