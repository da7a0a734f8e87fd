using Flume.Log;
using Flume.Query.Json;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads a view without API methods of its own: stored rows, then live changes if requested.</summary>
internal static class RegisteredRead
{
    private static readonly JsValue SyncMarker = JsValue.Parse("""{"sync":true}""");

    /// <summary>Streams the results of <c>views.read(name, options)</c>.</summary>
    internal static IAsyncEnumerable<JsValue> Run(ApiCall call)
    {
        string name = ViewName(call);
        ReadOptions options = ReadOptions.Parse(call.Arg(1));
        IView view = call.Identity.Views.Get(name);
        RowSource source = SourceOf(view);
        source.Check(options);
        return Limited(Run(ReadOptions.Freshness(call, options.Given), view, source, options), options.Limit);
    }

    /// <summary>Returns the result of <c>views.get(name, key)</c>.</summary>
    internal static async ValueTask<JsValue> GetAsync(ApiCall call)
    {
        string name = ViewName(call);
        IView view = call.Identity.Views.Get(name);
        if (view is not ClientView)
            throw ApiException.Parameter($"View '{name}' has no state to get: read it by views.read.");
        (JsValue key, JsValue options) = call.Arg(1).IsObject
            ? (JsValue.Undefined, call.Arg(1))
            : (call.Arg(1), call.Arg(2));
        using ViewRead read = await ReadAsync(ReadOptions.Freshness(call, options), view).ConfigureAwait(false);
        return ClientSource.Get(read.Rows, key);
    }

    /// <summary>The view's name, the first argument.</summary>
    internal static string ViewName(ApiCall call) =>
        call.Arg(0).IsString
            ? call.Arg(0).AsString
            : throw ApiException.Parameter("The first argument must be the name of a view.");

    /// <summary>The registered views of the call's identity.</summary>
    internal static IRegisteredViews Of(ApiCall call) =>
        call.Identity.Registered ?? throw ApiException.Error(
            $"Identity '{call.Identity.Name}' takes no registered views.");

    private static RowSource SourceOf(IView view) => view switch
    {
        GroupsView groups => new GroupSource(groups),
        ItemsView => new ItemSource(),
        ClientView => new ClientSource(view.Name),
        _ when ViewOrigin.KindOf(view) == ViewKind.PlugIn => new PlainRowSource(view.Name),
        _ => throw ApiException.Parameter(
            $"View '{view.Name}' keeps postings; API methods of its own read it. 'help' lists them."),
    };

    private static async IAsyncEnumerable<JsValue> Run(ApiCall call, IView view, RowSource source, ReadOptions options)
    {
        Offset since;
        using (ViewRead read = await ReadAsync(call, view).ConfigureAwait(false))
        {
            since = read.Since;
            if (options.Old)
            {
                foreach (JsValue result in source.Stored(read.Rows, options))
                {
                    call.Cancelled.ThrowIfCancellationRequested();
                    yield return result;
                }
            }
        }
        if (!options.Live) yield break;
        if (options.Old && options.Sync) yield return SyncMarker;
        while (true)
        {
            Task moved = Of(call).NextMoveAsync(view.Name);
            ApiCall look = call with { Freshness = ReadFreshness.NoWait, OnRead = null };
            using (ViewRead read = await ReadAsync(look, view).ConfigureAwait(false))
            {
                if (read.Since > since)
                {
                    foreach (JsValue result in source.Changed(read.Rows, options, since)) yield return result;
                    since = read.Since;
                }
            }
            await moved.WaitAsync(call.Cancelled).ConfigureAwait(false);
        }
    }

    private static async ValueTask<ViewRead> ReadAsync(ApiCall call, IView view)
    {
        ViewRead read = await call.ReadAsync(view.Name).ConfigureAwait(false);
        IView now = call.Identity.Views.Get(view.Name);
        bool isSame = now.Version == view.Version && now.GetType() == view.GetType();
        if (isSame && (read.Checkpoint.Version == view.Version || !read.Since.IsSome)) return read;
        read.Dispose();
        throw ApiException.Error(
            $"View '{view.Name}' was registered anew, and these rows are not what was asked for. Read it again, and " +
            "wait for it.");
    }

    private static async IAsyncEnumerable<JsValue> Limited(IAsyncEnumerable<JsValue> results, long limit)
    {
        if (limit == 0) yield break;
        await foreach (JsValue result in results.ConfigureAwait(false))
        {
            yield return result;
            if (--limit == 0) yield break;
        }
    }
}
