using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Reading;
using Flume.Views;

namespace Flume.Ssb.Api.Methods;

/// <summary>Reports the identity, the methods and the progress of the views.</summary>
internal static class StateMethods
{
    /// <summary>The compatible version of ssb-db. <c>version</c> reports it, because clients compare it.</summary>
    private const string SsbDbVersion = "20.4.1";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Sync(
            "whoami", Scope.Read, null, "(): {id} of this identity.", static call => JsValue.From(new JsObject()
            .Set("id", call.Identity.Keys is { } keys ? JsValue.From(keys.Id) : JsValue.Null))),
        ApiMethod.Sync("version", Scope.Read, null, "(): the version of ssb-db that is answered like.",
            static _ => JsValue.From(SsbDbVersion)),
        ApiMethod.Sync("manifest", Scope.Read, null, "(): names of all methods with how they answer.",
            static _ => BuiltInApi.Table.Manifest()).ForAnyone(),
        ApiMethod.Sync("help", Scope.Read, null, "(): this.", static _ => Help.Of("")),
        ApiMethod.Async("status", Scope.Read, null, "(): {progress, sync: {since, plugins, sync}}.", StatusAsync),
        ApiMethod.Async("progress", Scope.Read, null, "(): {indexes: {start, current, target}}.", ProgressAsync),
        ApiMethod.Async(
            "rebuild", Scope.Admin, null, "(): rebuilds all views; answers when they have reached the head.",
            RebuildAsync),
        ApiMethod.Source("createRawLogStream", Scope.Read, null,
            "{gt, gte, lt, lte: offset, reverse, limit, live, old, seqs, values}: {seq, value} by offset.",
            static call => RawLogStream.Run(call, opened: false)),
        ApiMethod.Source(
            "createSequenceStream", Scope.Read, null, "(): the head's offset, now and whenever it moves.",
            SequenceStream),
    ];

    private static async ValueTask<JsValue> StatusAsync(ApiCall call)
    {
        IReadOnlyList<ViewStatus> views = await OwnAsync(call).ConfigureAwait(false);
        Offset head = call.Identity.Log.Head;
        JsObject plugins = new();
        bool sync = true;
        foreach (ViewStatus view in views)
        {
            plugins.Set(view.Name, Number(view.Since));
            sync &= view.Since == head;
        }
        return JsValue.From(new JsObject()
            .Set("progress", Progress(views, head))
            .Set("sync", JsValue.From(new JsObject()
                .Set("since", Number(head)).Set("plugins", JsValue.From(plugins)).Set("sync", JsValue.From(sync)))));
    }

    private static async ValueTask<JsValue> ProgressAsync(ApiCall call) =>
        Progress(await OwnAsync(call).ConfigureAwait(false), call.Identity.Log.Head);

    /// <summary>
    /// The views that advance without a client. A client view could keep progress below its target without end.
    /// </summary>
    private static async ValueTask<IReadOnlyList<ViewStatus>> OwnAsync(ApiCall call) =>
        [.. (await call.Identity.StatusAsync(call.Cancelled).ConfigureAwait(false)).Where(
            view => view.Kind != ViewKind.Client)];

    /// <summary>
    /// Start is the since of the slowest view. Progress ends when all views reach the target (docs/spec 3.2).
    /// </summary>
    private static JsValue Progress(IReadOnlyList<ViewStatus> views, Offset head)
    {
        double sum = 0, least = head.Value;
        foreach (ViewStatus view in views)
        {
            sum += view.Since.Value;
            least = Math.Min(least, view.Since.Value);
        }
        double current = views.Count == 0 ? head.Value : Math.Floor(sum / views.Count);
        return JsValue.From(new JsObject().Set("indexes", JsValue.From(new JsObject()
            .Set("start", JsValue.From(current == head.Value ? head.Value : least))
            .Set("current", JsValue.From(current))
            .Set("target", Number(head)))));
    }

    private static async ValueTask<JsValue> RebuildAsync(ApiCall call)
    {
        CommandOutcome outcome = await call.Identity.RebuildAsync(
            ViewSelection.All, cancel: call.Cancelled).ConfigureAwait(false);
        foreach (ViewOutcome view in outcome.Views)
        {
            if (!view.IsAccepted) throw ApiException.Error($"View '{view.View}' was not rebuilt: {view.Text}");
        }
        bool rebuilding = true;
        while (rebuilding)
        {
            await Task.Delay(20, call.Cancelled).ConfigureAwait(false);
            IReadOnlyList<ViewStatus> views = await OwnAsync(call).ConfigureAwait(false);
            rebuilding = views.Any(view => view.Rebuilding is not null);
        }
        return JsValue.Undefined;
    }

    private static async IAsyncEnumerable<JsValue> SequenceStream(ApiCall call)
    {
        Offset head = call.Identity.Log.Head;
        while (true)
        {
            yield return Number(head);
            head = await call.Identity.WaitForHeadAsync(head, call.Cancelled).ConfigureAwait(false);
        }
    }

    private static JsValue Number(Offset offset) => JsValue.From((double)offset.Value);
}
