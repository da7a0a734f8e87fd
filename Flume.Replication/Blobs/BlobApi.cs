using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;

namespace Flume.Replication.Blobs;

/// <summary>The API methods of blobs that use peers.</summary>
internal static class BlobApi
{
    private static readonly TimeSpan OlderThan = TimeSpan.FromDays(1);

    /// <summary>The methods. They replace those of a table, which know no peers.</summary>
    public static IEnumerable<ApiMethod> Methods(ApiTable table, ReplicationService service) =>
    [
        ApiMethod.Async("blobs.want", Scope.Read, null, "(id): asks peers for a blob; true as soon as it is here.",
            call => WantAsync(table, service, call)),
        ApiMethod.Async("blobs.push", Scope.Append, null, "(id): offers a blob to peers until enough of them have it.",
            call => Push(service, call)),
        ApiMethod.Source("blobs.createWants", Scope.Read, null,
            "(): {id: n}: wants (n < 0) and sizes (n > 0), now and when they change.", WaitAsync).ForAnyone(),
        ApiMethod.Async("flume.collectBlobs", Scope.Admin, null,
            "{olderThanMs, dryRun}: removes blobs that no message names; {removed, bytes, kept}.",
            call => CollectAsync(service, call)),
    ];

    private static BlobExchange? Exchange(ReplicationService service, ApiCall call) =>
        service.Of(call.Identity.Name)?.Replication.Blobs is { IsEnabled: true } exchange ? exchange : null;

    private static ValueTask<JsValue> WantAsync(ApiTable table, ReplicationService service, ApiCall call)
    {
        string id = BlobReads.IdOf(call.Arg(0));
        if (BlobStores.Of(call.Identity).Find(id) is null) Exchange(service, call)?.Want(id);
        table.TryGet("blobs.want", out ApiMethod wait);
        return wait.Call!(call);
    }

    private static ValueTask<JsValue> Push(ReplicationService service, ApiCall call)
    {
        string id = BlobReads.IdOf(call.Arg(0));
        Exchange(service, call)?.Push(id);
        return new ValueTask<JsValue>(JsValue.Undefined);
    }

    /// <summary>A caller that is no peer of the identity, its owner for example, gets no wants.</summary>
    private static async IAsyncEnumerable<JsValue> WaitAsync(ApiCall call)
    {
        yield return JsValue.From(new JsObject());
        await Task.Delay(Timeout.Infinite, call.Cancelled).ConfigureAwait(false);
    }

    private static async ValueTask<JsValue> CollectAsync(ReplicationService service, ApiCall call)
    {
        JsValue age = call.Arg(0)["olderThanMs"];
        TimeSpan olderThan = age is { IsNumber: true, AsNumber: >= 0 and < 1e14 }
            ? TimeSpan.FromMilliseconds(age.AsNumber)
            : age.IsNullish ? OlderThan
            : throw ApiException.Error($"olderThanMs is {age}; expected milliseconds, 0 or more");
        bool isDry = call.Arg(0)["dryRun"].IsTruthy;
        BlobExchange? exchange = Exchange(service, call);
        BlobSweep sweep = await Task.Run(
            () => BlobGarbage.Collect(call, olderThan, id => exchange?.IsInUse(id) == true, isDry), call.Cancelled)
            .ConfigureAwait(false);
        return JsValue.From(new JsObject()
            .Set("removed", JsValue.From(sweep.Removed))
            .Set("bytes", JsValue.From(sweep.Bytes))
            .Set("kept", JsValue.From(sweep.Kept)));
    }
}
