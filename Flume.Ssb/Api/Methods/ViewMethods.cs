using System.Buffers;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api.Registered;
using Flume.Views;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Methods;

/// <summary>Registers views by name and serves client views (docs/registered-views.md).</summary>
internal static class ViewMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async("views.register", Scope.Admin, null,
            "(name, {query: [stages]} | {version}): keeps a view up to date, " +
            "a query's or one whose code the client runs.",
            RegisterAsync),
        ApiMethod.Async(
            "views.remove", Scope.Admin, null, "(name): forgets a registered view and its rows.", RemoveAsync),
        ApiMethod.Async(
            "views.list", Scope.Read, null, "(): every view with kind, definition, state and since.", ListAsync),
        ApiMethod.Source("views.read", Scope.Read, null,
            "(name, {gt, gte, lt, lte, reverse, limit, live, old, sync, seqs, rows, wait}): what a view holds.",
            RegisteredRead.Run),
        ApiMethod.Async("views.get", Scope.Read, null,
            "(name, key, {wait}): a client view's state, or with a key that row's value.", RegisteredRead.GetAsync),
        ApiMethod.Source("views.feed", Scope.Read, null,
            "(name, version): the records that a client view lacks, in batches, for ever.", Feed),
        ApiMethod.Async("views.commit", Scope.Append, null,
            "(name, {turn, after, since, state, rows: [{key, value}]}): " +
            "stores what the client made of a feed's records.",
            CommitAsync),
    ];

    private static async ValueTask<JsValue> RegisterAsync(ApiCall call)
    {
        ViewDefinition definition = Definition(RegisteredRead.ViewName(call), call.Arg(1));
        bool isNew = await RegisteredRead.Of(call).RegisterAsync(definition, call.Cancelled).ConfigureAwait(false);
        return JsValue.From(Describe(definition.Name, definition.Kind, definition.Version, definition.Json)
            .Set("isNew", JsValue.From(isNew)));
    }

    /// <summary>Parses the definition of a registration.</summary>
    /// <exception cref="ApiException">The definition is invalid.</exception>
    internal static ViewDefinition Definition(string name, JsValue given)
    {
        JsValue query = given["query"], version = given["version"];
        try
        {
            if (query.IsArray && version.IsUndefined) return ViewDefinition.Declared(name, query.AsArray);
            if (query.IsUndefined && version.IsNumber && double.IsInteger(version.AsNumber)
                && version.AsNumber <= int.MaxValue)
                return ViewDefinition.Client(name, (int)version.AsNumber);
        }
        catch (ArgumentException wrong)
        {
            throw ApiException.Parameter(wrong.Message);
        }
        throw ApiException.Parameter(
            $"View '{name}' can't be registered with {(given.IsUndefined ? "nothing" : given.ToJson())}: " +
            "expected {\"query\":[stages]}, or {\"version\":1} for a view whose code a client runs.");
    }

    private static async ValueTask<JsValue> RemoveAsync(ApiCall call)
    {
        await RegisteredRead.Of(call).RemoveAsync(RegisteredRead.ViewName(call), call.Cancelled).ConfigureAwait(false);
        return JsValue.True;
    }

    private static async ValueTask<JsValue> ListAsync(ApiCall call)
    {
        JsArray list = new();
        foreach (ViewStatus view in await call.Identity.StatusAsync(call.Cancelled).ConfigureAwait(false))
        {
            list.Add(JsValue.From(Describe(view.Name, view.Kind, view.Version, view.Definition)
                .Set("state", JsValue.From(ViewWords.Of(view.State)))
                .Set("since", JsValue.From((double)view.Since.Value))
                .Set("waitsFor", JsValue.From(view.WaitsFor))));
        }
        return JsValue.From(list);
    }

    private static JsObject Describe(string name, ViewKind kind, int version, string? definition) => new JsObject()
        .Set("name", JsValue.From(name)).Set("kind", JsValue.From(ViewWords.Of(kind)))
        .Set("version", JsValue.From((double)version))
        .Set("definition", definition is null ? JsValue.Null : JsValue.Parse(definition));

    private static IAsyncEnumerable<JsValue> Feed(ApiCall call)
    {
        JsValue version = call.Arg(1);
        if (!version.IsNumber)
            throw ApiException.Parameter("The second argument of views.feed must be the version that the client runs.");
        return RegisteredRead.Of(call).FeedAsync(RegisteredRead.ViewName(call), (int)version.AsNumber, call.Cancelled);
    }

    private static async ValueTask<JsValue> CommitAsync(ApiCall call)
    {
        IRegisteredViews views = RegisteredRead.Of(call);
        JsValue commit = call.Arg(1);
        ClientStep step = new(Number(commit, "turn"), new(Number(commit, "after")), new(Number(commit, "since")));
        ViewBatch rows = new();
        if (!commit["state"].IsUndefined) rows.Put(RegisteredRows.State, Json(commit["state"]));
        foreach (JsValue row in commit["rows"].IsArray ? commit["rows"].AsArray : new JsArray())
            Add(rows, row, step.Since);
        if (rows.Bytes > views.Limits.StateBytesMax)
            throw ApiException.Parameter(
                $"A commit can't hold {rows.Bytes} bytes: flume.views.registered.state-bytes-max allows " +
                $"{views.Limits.StateBytesMax}.");
        await views.CommitAsync(RegisteredRead.ViewName(call), step, rows, call.Cancelled).ConfigureAwait(false);
        return commit["since"];
    }

    private static void Add(ViewBatch rows, JsValue row, Offset since)
    {
        if (!row["key"].IsString || row["key"].AsString.Length == 0)
            throw ApiException.Parameter(
                $"A row can't be {row.ToJson()}: expected {{key: text, value}}; a null value removes the row.");
        byte[] key = RegisteredRows.RowKey(row["key"].AsString);
        if (row["value"].IsNullish) rows.Remove(key);
        else rows.Put(key, RegisteredRows.Changed(since.Value, Json(row["value"])));
    }

    private static ReadOnlySpan<byte> Json(JsValue value) =>
        value.TryGetRaw(out ReadOnlyMemory<byte> raw) ? raw.Span : JsWriter.ToUtf8(value).Span;

    private static long Number(JsValue commit, string name) =>
        commit[name] is { IsNumber: true } number && double.IsInteger(number.AsNumber)
        ? (long)number.AsNumber
        : throw ApiException.Parameter($"views.commit needs a whole number '{name}', as the feed gave it.");
}
