using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Blobs;

/// <summary>Serves the identity's blobs with the methods of ssb-blobs. Flume.Replication asks peers for them.</summary>
/// <remarks>
/// Source: npm ssb-blobs 2.x and multiblob; docs/spec 3.10. Anonymous peers may call the same methods as there.
/// </remarks>
internal static class BlobMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.BytesSink(
            "blobs.add", Scope.Append, "(id?): adds the bytes sent as a blob; fails when they have another id.",
            AddAsync),
        ApiMethod.BytesSource("blobs.get", Scope.Read, "(id | {id, size, max}): a blob's bytes.", BlobReads.Get)
            .ForAnyone(),
        ApiMethod.BytesSource(
            "blobs.getSlice", Scope.Read, "{id, start, end, size, max}: bytes from start to end (exclusive).",
            BlobReads.GetSlice)
            .ForAnyone(),
        ApiMethod.Async("blobs.has", Scope.Read, null, "(id | [id]): whether they are here.", static call =>
            Each(call, static meta => JsValue.From(meta is not null))).ForAnyone(),
        ApiMethod.Async(
            "blobs.size", Scope.Read, null, "(id | [id]): their sizes; null for what is not here.", static call =>
            Each(call, static meta => meta is null ? JsValue.Null : JsValue.From((double)meta.Size))),
        ApiMethod.Async(
            "blobs.meta", Scope.Read, null, "(id | [id]): {id, size, ts}; null for what is not here.", static call =>
            Each(call, static meta => meta is null ? JsValue.Null : ToJs(meta))),
        ApiMethod.Source(
            "blobs.ls", Scope.Read, null, "{old, live, meta, sync}: the ids of all blobs, or {id, size, ts} of each.",
            List),
        ApiMethod.Source(
            "blobs.changes", Scope.Read, null, "(): the id of each blob that is added from now on.", static call =>
            Live(call, static meta => JsValue.From(meta.Id))).ForAnyone(),
        ApiMethod.Async("blobs.rm", Scope.Admin, null, "(id): removes a blob.", Remove),
        ApiMethod.Async("blobs.want", Scope.Read, null, "(id): true as soon as the blob is here.", WantAsync),
        ApiMethod.Async(
            "blobs.push", Scope.Append, null, "(id): nothing; there are no peers to push to.", static call =>
        {
            BlobReads.IdOf(call.Arg(0));
            return new ValueTask<JsValue>(JsValue.Undefined);
        }),
        ApiMethod.Sync("blobs.help", Scope.Read, null, "(): this.", static _ => Help.Of("blobs")),
    ];

    private static async ValueTask<JsValue> AddAsync(ApiCall call, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        string? expected = call.Arg(0).IsNullish ? null : BlobReads.IdOf(call.Arg(0));
        try
        {
            await BlobStores.Of(call.Identity).AddAsync(pieces, expected, call.Cancelled).ConfigureAwait(false);
            return JsValue.Undefined;
        }
        catch (InvalidDataException other)
        {
            throw ApiException.Error(other.Message);
        }
    }

    private static ValueTask<JsValue> Each(ApiCall call, Func<BlobMeta?, JsValue> answer)
    {
        BlobStore store = BlobStores.Of(call.Identity);
        JsValue asked = call.Arg(0);
        return new ValueTask<JsValue>(asked.IsArray
            ? JsValue.From(new JsArray(asked.AsArray.Select(id => answer(store.Find(BlobReads.IdOf(id))))))
            : answer(store.Find(BlobReads.IdOf(asked))));
    }

    private static ValueTask<JsValue> Remove(ApiCall call)
    {
        string id = BlobReads.IdOf(call.Arg(0));
        return BlobStores.Of(call.Identity).Remove(id)
            ? new ValueTask<JsValue>(JsValue.Undefined)
            : throw ApiException.NotFound($"there is no blob {id} to remove");
    }

    private static async ValueTask<JsValue> WantAsync(ApiCall call)
    {
        string id = BlobReads.IdOf(call.Arg(0));
        BlobStore store = BlobStores.Of(call.Identity);
        using BlobListener listener = store.Listen();
        if (store.Find(id) is not null) return JsValue.True;
        await foreach (BlobMeta added in listener.ReadAllAsync(call.Cancelled).ConfigureAwait(false))
        {
            if (added.Id == id) return JsValue.True;
        }
        return JsValue.False;
    }

    private static async IAsyncEnumerable<JsValue> List(ApiCall call)
    {
        JsValue options = call.Arg(0);
        bool old = options["old"] is not { IsBoolean: true, AsBoolean: false };
        bool live = options["live"] is { IsBoolean: true, AsBoolean: true } || !old;
        bool whole = options["meta"].IsTruthy || options["long"].IsTruthy || options["size"].IsTruthy;
        Func<BlobMeta, JsValue> show = whole ? ToJs : static meta => JsValue.From(meta.Id);
        BlobStore store = BlobStores.Of(call.Identity);
        using BlobListener listener = store.Listen();
        if (old)
        {
            foreach (BlobMeta meta in store.All()) yield return show(meta);
        }
        if (!live) yield break;
        if (old && options["sync"] is not { IsBoolean: true, AsBoolean: false })
            yield return JsValue.From(new JsObject().Set("sync", JsValue.True));
        await foreach (BlobMeta added in listener.ReadAllAsync(call.Cancelled).ConfigureAwait(false))
            yield return show(added);
    }

    private static async IAsyncEnumerable<JsValue> Live(ApiCall call, Func<BlobMeta, JsValue> show)
    {
        using BlobListener listener = BlobStores.Of(call.Identity).Listen();
        await foreach (BlobMeta added in listener.ReadAllAsync(call.Cancelled).ConfigureAwait(false))
            yield return show(added);
    }

    private static JsValue ToJs(BlobMeta meta) => JsValue.From(new JsObject()
        .Set("id", JsValue.From(meta.Id))
        .Set("size", JsValue.From((double)meta.Size))
        .Set("ts", JsValue.From((double)meta.Time)));
}
