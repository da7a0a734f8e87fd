using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>Creates, removes and reads registered views.</summary>
internal sealed class RegisteredViewEndpoints(ServerContext site)
{
    private static readonly string[] Offsets = ["gt", "gte", "lt", "lte"];
    private static readonly string[] Flags = ["reverse", "live", "old", "seqs", "rows"];

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/{name}/views/{view}", RegisterAsync);
        routes.MapDelete("/v1/{name}/views/{view}", RemoveAsync);
        routes.MapGet("/v1/{name}/views/{view}/rows", ReadAsync);
    }

    private async Task RegisterAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        site.RefuseWhenStopping("registering a view");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        JsValue given = await RequestBody.ReadJsonAsync(context, site.Limits).ConfigureAwait(false);
        JsValue made = await CallAsync("views.register", context, identity, given).ConfigureAwait(false);
        if (made["isNew"].IsTruthy) context.Response.Headers.Location = context.Request.Path.Value;
        await JsonAnswer.SendAsync(context, made,
            made["isNew"].IsTruthy ? StatusCodes.Status201Created : StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private async Task RemoveAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        site.RefuseWhenStopping("removing a view");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        await CallAsync("views.remove", context, identity).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ReadAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(context, [.. Offsets, .. Flags, "limit", "atLeast", "wait"]);
        JsValue options = Options(query);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        using IDisposable slot = site.TakeStream(context);
        FreshnessHeaders mark = new();
        NdjsonStream stream = new(context, site.Stopping)
        {
            SetHeaders = response => mark.SetHeaders(response, identity.Log.Head),
            Opened = mark.Recorded,
        };
        await stream.SendAsync(gone => Method("views.read").Open!(new ApiCall(identity, Args(context, options), gone)
        {
            Freshness = query.Freshness(),
            OnRead = mark.Record,
        }), static (writer, item) => writer.WriteLine(item)).ConfigureAwait(false);
    }

    private static JsValue Options(QueryParameters query)
    {
        JsObject options = new();
        bool keyed = query.Flag("rows", false);
        foreach (string bound in Offsets)
        {
            if (keyed && query.Text(bound) is { } key) options.Set(bound, JsValue.From(key));
            else if (query.Offset(bound) is { } offset) options.Set(bound, JsValue.From((double)offset.Value));
        }
        foreach (string flag in Flags)
        {
            if (query.Text(flag) is not null) options.Set(flag, JsValue.From(query.Flag(flag, false)));
        }
        if (query.Number("limit") is { } limit) options.Set("limit", JsValue.From((double)limit));
        return JsValue.From(options);
    }

    private ValueTask<JsValue> CallAsync(
        string method, HttpContext context, IIdentity identity, JsValue argument = default) =>
        Method(method).Call!(new ApiCall(identity, Args(context, argument), context.RequestAborted));

    private ApiMethod Method(string name) => site.Methods.TryGet(name, out ApiMethod method)
        ? method
        : throw new ProblemException(ProblemTypes.NoSuchMethod, $"There is no API method '{name}'.");

    private static JsArray Args(HttpContext context, JsValue argument)
    {
        JsArray args = new JsArray().Add(JsValue.From((string)context.Request.RouteValues["view"]!));
        return argument.IsUndefined ? args : args.Add(argument);
    }
}
